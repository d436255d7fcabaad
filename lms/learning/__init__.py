"""Học trực tuyến: bài, luyện tập, kiểm tra, nộp bài và chấm, hỏi giảng viên, tiến độ người học.

Main words: Study, StudyEvent, Progress, TestAttempt, HandIn, Marking, Enquiry, Evaluation, Assignment.
"""
