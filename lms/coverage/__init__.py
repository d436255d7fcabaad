"""Độ phủ: ai trong sổ đã được tập huấn, ai chưa, mời vào lớp. Sealed with the register. Main words: TrainedRule."""
