"""Settings from the environment, each with a working default. `lms/core/settings.py` is the one place that reads them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def data_folder(name: str) -> Path:
    """Folder `templates`, `static` or `courses`: inside the wheel, or beside the package in a checkout."""
    inside = PACKAGE / "_data" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def _setting(variable: str, default: str, meaning: str) -> str:
    return field(default=default, metadata={"variable": variable, "meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """Every setting of the system; `meaning` is what the README prints."""

    data: str = _setting("LMS_DATA", ".data", "Thư mục chứa mọi thứ hệ thống ghi: cơ sở dữ liệu, tệp, khóa")
    database_url: str = _setting("DATABASE_URL", "", "Địa chỉ PostgreSQL; để trống thì dùng SQLite trong LMS_DATA")
    redis_url: str = _setting("REDIS_URL", "", "Redis để đánh thức tiến trình nền; để trống thì dùng SQLite")
    host: str = _setting("HOST", "127.0.0.1", "Địa chỉ mạng mà máy chủ nghe")
    port: str = _setting("PORT", "8000", "Cổng của máy chủ")
    public_url: str = _setting(
        "LMS_PUBLIC_URL", "", "Địa chỉ công khai, in vào mã QR; để trống thì lấy từ HOST và PORT"
    )
    name: str = _setting("LMS_NAME", "Nếp mới", "Tên hệ thống trên giao diện")
    processes: str = _setting("LMS_PROCESSES", "2", "Số tiến trình của lms serve")
    dev: str = _setting("LMS_DEV", "", "1: máy phát triển, trang đăng nhập liệt kê các vai của câu chuyện mẫu")
    secure: str = _setting("LMS_SECURE", "", "1: chạy sau HTTPS, cookie chỉ gửi qua HTTPS")
    proxy: str = _setting("LMS_PROXY", "", "1: đứng sau một máy chủ trung gian ghi X-Forwarded-*")

    @property
    def folder(self) -> Path:
        """`LMS_DATA` as an absolute path; made on first use."""
        path = Path(self.data).absolute()
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def database(self) -> str:
        """Address of the database for SQLAlchemy."""
        if self.database_url:
            scheme, _, rest = self.database_url.partition("://")
            return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else self.database_url
        return f"sqlite:///{self.folder / 'lms.sqlite'}"

    @property
    def url(self) -> str:
        """Public address without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def from_environment() -> Settings:
    """Settings as the environment gives them; an empty variable counts as absent."""
    given = {f.name: os.environ.get(f.metadata["variable"], "") or str(f.default) for f in fields(Settings)}
    return Settings(**given)


class _Current:
    settings: Settings | None = None


def settings() -> Settings:
    """The settings in force."""
    if _Current.settings is None:
        _Current.settings = from_environment()
    return _Current.settings


def use(chosen: Settings) -> Settings:
    """Put settings in force (the app factory and tests)."""
    _Current.settings = chosen
    return chosen
