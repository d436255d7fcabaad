"""Khóa giảng viên nguồn: đề cử, giảng thử, công nhận, củng cố. Nothing is built here yet; a cohort will know its classes."""
