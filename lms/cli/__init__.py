"""The command `lms`: dev, serve, demo, migrate, check, bench, due, addresses, courses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from lms.app import create_app
from lms.bench import run as bench_run
from lms.cli import checking, courses, due, serving
from lms.cli.questions import questions_group
from lms.migrations import run as migrations
from lms.web.gate import policy_of


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Nếp mới: học và quản lý tập huấn."""


@main.command()
@click.option("--fresh", is_flag=True, help="Bỏ dữ liệu cũ trong LMS_DATA và bắt đầu lại.")
def dev(fresh: bool) -> None:
    """Một lệnh: tạo bảng, nhập câu chuyện mẫu, phát hành khóa học, chạy máy chủ."""
    serving.dev(fresh)


@main.command()
def serve() -> None:
    """Máy chủ thật: nhiều tiến trình và một tiến trình nền."""
    serving.serve()


@main.command()
def work() -> None:
    """Chỉ chạy tiến trình nền (khi máy chủ web ở máy khác)."""
    serving.work()


@main.command()
def migrate() -> None:
    """Đưa cơ sở dữ liệu lên bản mới nhất."""
    create_app()
    migrations.upgrade()
    click.echo("Cơ sở dữ liệu đã ở bản mới nhất.")


@main.command("demo")
def fill() -> None:
    """Nhập câu chuyện mẫu vào cơ sở dữ liệu trống và phát hành các khóa học."""
    app = create_app()
    migrations.upgrade()
    with app.app_context():
        filled = serving.fill_if_empty()
    click.echo("Đã nhập câu chuyện mẫu." if filled else "Cơ sở dữ liệu đã có người; không nhập gì.")


@main.command()
@click.option("--long", "long_", is_flag=True, help="Chạy mọi thứ ở mức lớn và ghi tests/long.json.")
@click.option("--only", multiple=True, help="Chỉ chạy các bước này.")
@click.option("--json", "as_json", is_flag=True)
def check(long_: bool, only: tuple[str, ...], as_json: bool) -> None:
    """Mọi kiểm tra mà CI chạy; điều gì không chạy được thì nói ra."""
    raise SystemExit(checking.check(long_, only, as_json))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Mỗi phép đo một dòng JSON.")
@click.option("--only", multiple=True, help="Chỉ đo các mục này.")
@click.option("--seconds", default=3.0, help="Mỗi lượt đo bao lâu.")
def bench(as_json: bool, only: tuple[str, ...], seconds: float) -> None:
    """Đo tốc độ, cạnh một mức sàn đo cùng lúc."""
    bench_run.bench(as_json, only, seconds)


@main.command("due")
@click.option("--json", "as_json", is_flag=True)
def due_today(as_json: bool) -> None:
    """Việc đến hạn hôm nay."""
    with create_app().app_context():
        lines = due.lines()
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False))
        return
    for line in lines:
        click.echo(f"{line['day']}  {line['what']}: {line['subject']}")
    click.echo(f"{len(lines)} việc.")


@main.command()
@click.option("--json", "as_json", is_flag=True)
def addresses(as_json: bool) -> None:
    """Mọi địa chỉ, trang của nó và ai được vào."""
    lines = list_addresses()
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False))
        return
    for line in lines:
        click.echo(f"{line['methods']:6} {line['address']:60} {line['endpoint']:34} {line['who']}")


def list_addresses() -> list[dict[str, Any]]:
    """Each rule: address, methods, endpoint, who may knock."""
    app = create_app()
    lines = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        policy = policy_of(app.view_functions[rule.endpoint])
        assert policy is not None
        who = "anyone" if policy.public else ", ".join(policy.roles) or "signed in"
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        sealed = " (sealed)" if policy.sealed else ""
        lines.append({"address": rule.rule, "methods": methods, "endpoint": rule.endpoint, "who": who + sealed})
    return lines


@main.group("courses")
def courses_group() -> None:
    """Khóa học dưới dạng thư mục."""


@courses_group.command("check")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def courses_check(folders: tuple[Path, ...], as_json: bool) -> None:
    """Đọc các thư mục khóa học: chỗ cần sửa, hoặc tóm tắt."""
    raise SystemExit(courses.check(folders, as_json))


@courses_group.command("claims")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
def courses_claims(folders: tuple[Path, ...]) -> None:
    """Mỗi điều có chú thích nguồn một dòng, để đọc đối chiếu: chỗ, lời, mã nguồn, chú thích."""
    raise SystemExit(courses.claims(folders))


@courses_group.command("publish")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--confirmed", is_flag=True, help="Đồng ý bỏ những mã bài, mã câu hỏi không còn nữa.")
def courses_publish(folders: tuple[Path, ...], confirmed: bool) -> None:
    """Phát hành các thư mục (mặc định: tất cả trong courses/)."""
    app = create_app()
    with app.app_context():
        raise SystemExit(courses.publish(folders, confirmed))


@courses_group.command("export")
@click.argument("slug")
@click.option("--to", default=Path(), type=click.Path(file_okay=False, path_type=Path), help="Ghi vào thư mục này.")
@click.option("--zip", "zipped", type=click.Path(dir_okay=False, path_type=Path), help="Ghi thành một tệp .zip.")
def courses_export(slug: str, to: Path, zipped: Path | None) -> None:
    """Lấy lại nguyên thư mục của bản đang dùng."""
    with create_app().app_context():
        raise SystemExit(courses.export(slug, to, zipped))


@courses_group.command("new")
@click.argument("slug")
@click.argument("title")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="Mặc định: thư mục courses.")
def courses_new(slug: str, title: str, to: Path | None) -> None:
    """Một thư mục khóa học mới, chép từ khóa học mẫu."""
    raise SystemExit(courses.new(slug, title, to))


main.add_command(questions_group)
