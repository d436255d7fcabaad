"""Giấy chứng nhận: cấp số, in, kiểm tra công khai, thu hồi. Main words: Certificate, CertificateEvent, NumberSeries."""
