"""Câu lạc bộ, tổ tiết kiệm, tổ truyền thông, địa chỉ tin cậy. Nothing is built here yet.

Groups will hold counts, never names of children.
"""
