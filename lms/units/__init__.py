"""Đơn vị hành chính qua thời gian và các tổ chức. Main words: Unit, UnitCode, UnitParent, UnitChange, UnitEdge, Organisation."""
