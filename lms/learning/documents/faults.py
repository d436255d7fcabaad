"""Why a file is refused, each with what to do."""

from __future__ import annotations

from lms.core.refusal import Refusal
from lms.core.words import text


class FileIsEmpty(Refusal):
    """No bytes."""

    sentence = text("Tệp này trống. Chọn tệp khác.")


class FileIsTooLarge(Refusal):
    """Over 15 MB."""

    sentence = text("Tệp này lớn hơn 15 MB. Chụp lại ở cỡ nhỏ hơn, hoặc ghi âm ngắn hơn, rồi gửi lại.")


class FileIsUnknown(Refusal):
    """Neither a picture nor a voice that we read."""

    sentence = text("Máy chủ không đọc được tệp này. Gửi ảnh JPEG, PNG, WebP hoặc tệp ghi âm.")


class PhotoIsDamaged(Refusal):
    """It begins as a picture and goes on as something else."""

    sentence = text("Ảnh này hỏng hoặc chưa đủ. Mở thử trong máy, chụp lại rồi gửi lại.")


class PhotoIsTooLarge(Refusal):
    """More pixels than a phone takes."""

    sentence = text("Ảnh này quá rộng. Chụp lại ở cỡ nhỏ hơn rồi gửi lại.")


class VoiceIsDamaged(Refusal):
    """No sound can be read from it."""

    sentence = text("Không nghe được tiếng trong tệp này. Ghi âm lại rồi gửi lại.")


class VoiceIsTooLong(Refusal):
    """Over ten minutes."""

    sentence = text("Ghi âm dài hơn 10 phút. Ghi lại ngắn hơn, hoặc chia làm hai.")
