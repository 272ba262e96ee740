"""How well pages are read, beside trafilatura alone, and what comes out of every file of the other formats.

Law: pages are compared with the text people made of them, in runs of four words as the Article Extraction Benchmark has
it; figures are printed for the part that thresholds were chosen on and for the one they were not.

    python -m tests.evaluation.formats
"""

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from trafilatura import extract

from app.intake import Reading, read
from app.intake.files import Found, Refused
from app.intake.unpacking import Limits, Member, members
from tests.evaluation.cleaning import Texts
from tests.evaluation.corpora import SHARED, Part, part_of

TODAY = date(2026, 11, 1)
_LIMITS = Limits(file=1 << 26, unpacked=1 << 28)
_FOLDERS = ("feeds", "warc", "newsml", "newsml/ninjs")
_LONGEST = 100


def main() -> None:
    """Print both."""
    for name, parts in (("chosen on", (Part.TRAIN, Part.TUNE)), ("reported on", (Part.EVALUATE,))):
        pages = list(_pages(*parts))
        print(f"{len(pages)} pages ({name}), runs of four words against the text made by hand:")
        for reader, text_of in (("Newsfold", _newsfold), ("trafilatura alone", _trafilatura)):
            print(f"  {reader:<18} {_figures(pages, text_of)}")
    for folder in _FOLDERS:
        print(f"\n{folder}:")
        for path in sorted(each for each in (SHARED / "data" / folder).iterdir() if each.is_file()):
            print(f"  {path.name:<66} {_told(path)}"[: 70 + _LONGEST])


def _pages(*parts: Part) -> Iterator[tuple[bytes, str]]:
    truth = json.loads((SHARED / "data/html/ground-truth.json").read_text(encoding="utf-8"))
    for name, each in sorted(truth.items()):
        if part_of(each["articleBody"]) in parts:
            content = gzip.decompress((SHARED / f"data/html/html/{name}.html.gz").read_bytes())
            yield content, each["articleBody"]


def _figures(pages: list[tuple[bytes, str]], text_of: Callable[[bytes], str]) -> str:
    texts = Texts([], [])
    began = time.process_time()
    found = [text_of(content) for content, _ in pages]
    spent = (time.process_time() - began) / len(pages)
    for text, (_, truth) in zip(found, pages, strict=True):
        texts.add(text, truth)
    print(".", end="", file=sys.stderr, flush=True)
    return f"{texts}  {spent * 1000:.0f} ms a page"


def _newsfold(content: bytes) -> str:
    found = read(content, today=TODAY)
    return found.drafts[0].body_text if isinstance(found, Reading) else ""


def _trafilatura(content: bytes) -> str:
    return extract(content) or ""


def _told(path: Path) -> str:
    """Return what comes out of a file: articles, or why there are none."""
    articles, reasons = 0, []
    for each in members(Found(place=path.name, file=path.name, path=path), _LIMITS):
        match each:
            case Refused(reason=reason) | Member(trouble=str() as reason):
                reasons.append(reason)
            case Member(content=content):
                found = read(content, today=TODAY)
                if isinstance(found, Reading):
                    articles += len(found.drafts)
                    reasons += [refused.reason for refused in found.refused]
                else:
                    reasons.append(found.reason)
    told = f"{len(reasons)} refused: {reasons[0]}" if reasons else "no page in it" if not articles else ""
    return f"{articles:>3} articles  {told}"


if __name__ == "__main__":
    main()
