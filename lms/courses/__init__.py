"""Khóa học: đọc thư mục, câu hỏi và chấm, bản phát hành, trang khóa học. Main words: Course, Edition, Lesson, Question."""
