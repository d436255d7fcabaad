"""Lớp tập huấn: buổi, điểm danh, hoàn thành; lộ trình và công nhận điều đã học.

Main words: TrainingClass, Session, Enrolment, RollMark, Participation, Path, Credit.
"""
