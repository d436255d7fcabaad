"""Chỉ tiêu có phiên bản, số liệu đếm từ điểm danh, mỗi số mở ra danh sách tên. Main words: Contribution, Figure."""
