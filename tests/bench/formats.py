"""How fast each format is read: ``python -m tests.bench.formats``.

Law: the same AllSides articles written in each format, read as ``ingest`` reads them (opened, decoded, taken apart,
language found), without the database; one process. Real files of the shared data are measured as well.
"""

import csv
import gzip
import io
import json
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from email.message import EmailMessage
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from app.intake import Reading, read
from app.intake.files import Found, walk
from app.intake.unpacking import Limits, Member, members
from tests.bench.stories import yardstick
from tests.evaluation.corpora import SHARED
from tests.evaluation.stories import records

_ARTICLES = 300
_LIMITS = Limits(file=1 << 28, unpacked=1 << 32)
_TODAY = date(2026, 11, 1)
_Row = dict[str, str]


def main() -> None:
    """Write the articles in each format, read them, and report."""
    rows = [
        row
        for row, _ in zip(records(SHARED / "data/news/allsides-12k.jsonl.gz"), range(_ARTICLES), strict=False)
    ]
    print(f"Reading {len(rows)} AllSides articles (970 words) in each format; CPU of one process.")
    print(f"{'format':<28}{'articles':>9}{'ms each':>9}{'MB/s':>8}")
    with TemporaryDirectory() as folder:
        for name, write in _FORMATS.items():
            place = Path(folder) / name.replace(" ", "-")
            place.mkdir()
            write(rows, place)
            _tell(name, place)
    for name in ("html/html", "feeds", "newsml", "warc"):
        _tell(f"shared {name}", SHARED / "data" / name)
    print(f"a million squares took {yardstick():.0f} ms")


def _tell(name: str, folder: Path) -> None:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    began = time.process_time()
    articles = sum(_read(found) for found in walk([folder]) if isinstance(found, Found))
    spent = time.process_time() - began
    print(
        f"{name:<28}{articles:>9,}{spent / max(1, articles) * 1000:>9.2f}{size / 1e6 / spent:>8.1f}",
        flush=True,
    )
    print(name, file=sys.stderr)


def _read(found: Found) -> int:
    taken = 0
    for each in members(found, _LIMITS):
        if isinstance(each, Member) and not each.trouble:
            reading = read(each.content, today=_TODAY)
            taken += len(reading.drafts) if isinstance(reading, Reading) else 0
    return taken


def _text(rows: Sequence[_Row], folder: Path) -> None:
    for nth, row in enumerate(rows):
        (folder / f"{nth}.txt").write_text(f"{row['title']}\n\n{row['text']}\n", encoding="utf-8")


def _pages(rows: Sequence[_Row], folder: Path) -> None:
    for nth, row in enumerate(rows):
        (folder / f"{nth}.html").write_text(_page(row), encoding="utf-8")


def _page(row: _Row) -> str:
    paragraphs = "\n".join(f"<p>{escape(each)}</p>" for each in row["text"].split("\n") if each.strip())
    title = escape(row["title"])
    head = f"<!doctype html><html><head><title>{title}</title></head>"
    return f"{head}<body><nav>Home</nav><h1>{title}</h1>{paragraphs}</body></html>"


def _json_lines(rows: Sequence[_Row], folder: Path) -> None:
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def _json_list(rows: Sequence[_Row], folder: Path) -> None:
    (folder / "a.json").write_text(json.dumps({"articles": rows}, indent=1), encoding="utf-8")


def _table(rows: Sequence[_Row], folder: Path) -> None:
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["title", "text", "url", "date"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _feed(rows: Sequence[_Row], folder: Path) -> None:
    items = "\n".join(
        f"<item><title>{escape(row['title'])}</title><link>{escape(row['url'])}</link>"
        f"<description>{escape(row['text'])}</description></item>"
        for row in rows
    )
    feed = f"<rss version='2.0'><channel><title>A</title>{items}</channel></rss>"
    (folder / "a.rss").write_text(feed, encoding="utf-8")


def _nitf(rows: Sequence[_Row], folder: Path) -> None:
    for nth, row in enumerate(rows):
        paragraphs = "".join(f"<p>{escape(each)}</p>" for each in row["text"].split("\n") if each.strip())
        body = f"<body.head><hedline><hl1>{escape(row['title'])}</hl1></hedline></body.head>"
        text = f"<nitf><body>{body}<body.content>{paragraphs}</body.content></body></nitf>"
        (folder / f"{nth}.xml").write_text(text, encoding="utf-8")


def _mail(rows: Sequence[_Row], folder: Path) -> None:
    with (folder / "a.mbox").open("wb") as stream:
        for row in rows:
            message = EmailMessage()
            message["From"], message["Date"] = "a@b.example", "Tue, 21 Oct 2025 11:30:00 +0200"
            message["Subject"] = " ".join(row["title"].split())
            message.set_content(row["text"].replace("\nFrom ", "\n>From "))
            stream.write(b"From a@b.example Tue Oct 21 11:30:00 2025\n" + bytes(message) + b"\n")


def _web_archive(rows: Sequence[_Row], folder: Path) -> None:
    with (folder / "a.warc.gz").open("wb") as stream:
        for row in rows:
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + _page(row).encode()
            head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {row['url']}\r\n"
            head += "WARC-Date: 2026-01-01T00:00:00Z\r\n"
            head += (
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
            )
            stream.write(gzip.compress(head.encode() + block + b"\r\n\r\n"))


def _zip(rows: Sequence[_Row], folder: Path) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jsonl", "\n".join(map(json.dumps, rows)))


def _tar(rows: Sequence[_Row], folder: Path) -> None:
    content = "\n".join(map(json.dumps, rows)).encode()
    with tarfile.open(folder / "a.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("a.jsonl")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))


_FORMATS: dict[str, Callable[[Sequence[_Row], Path], None]] = {
    "plain text": _text,
    "HTML pages": _pages,
    "JSON Lines": _json_lines,
    "JSON list": _json_list,
    "CSV": _table,
    "RSS": _feed,
    "NITF": _nitf,
    "mbox": _mail,
    "WARC, gzip": _web_archive,
    "JSON Lines in ZIP": _zip,
    "JSON Lines in tar.gz": _tar,
}


if __name__ == "__main__":
    main()
