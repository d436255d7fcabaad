"""Soạn khóa học: tải gói lên, xem lỗi, xem thử, phát hành. Main words: Draft."""
