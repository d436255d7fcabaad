"""Tin nhắn tới từng người (mẫu, hàng đợi, giờ yên lặng). Nothing is built here yet; events will send through it."""
