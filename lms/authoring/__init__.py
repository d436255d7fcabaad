"""Soạn khóa học: tải gói lên, xem lỗi, xem thử, phát hành; ngân hàng câu hỏi; nên sửa gì trước. Main words: Draft."""
