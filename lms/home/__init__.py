"""Trang của nhiều phòng: hôm nay, hồ sơ một người, tìm kiếm cả trong bài, giới thiệu."""
