"""Học trực tuyến: tiến độ, câu hỏi, bài kiểm tra. Main words: Study, StudyEvent, Progress, TestAttempt, Assignment."""
