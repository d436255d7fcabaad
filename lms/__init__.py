"""Nếp mới: học và quản lý tập huấn của Dự án 8 (courses, classes, certificates and indicators for mountain communes)."""
