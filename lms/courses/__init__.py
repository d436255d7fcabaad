"""Khóa học: đọc thư mục, câu hỏi và chấm, vào và ra, bản phát hành, trang khóa học, chia sẻ.

Main words: Course, Edition, Lesson, LessonBlock, Question.
"""
