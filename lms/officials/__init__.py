"""Sổ kín: cán bộ nữ trong quy hoạch, mới bổ nhiệm, mới trúng cử. Main words: RegisterEntry, SealedVisit."""
