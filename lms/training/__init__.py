"""Lớp tập huấn: buổi, điểm danh, hoàn thành. Main words: TrainingClass, Session, Enrolment, RollMark, Participation."""
