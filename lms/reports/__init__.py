"""Biểu 2.8 và các mẫu báo cáo chính thức. Nothing is built here yet; a report will freeze its figures with their names."""
