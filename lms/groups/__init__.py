"""Câu lạc bộ, tổ tiết kiệm, tổ truyền thông, địa chỉ tin cậy. Nothing is built here yet; groups will hold counts, never names of children."""
