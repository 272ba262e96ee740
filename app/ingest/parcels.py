"""Files that came in over the web and wait to be read: a folder for each delivery, beside the archive.

Law: a parcel is written whole before its delivery is announced, and removed after the delivery is finished. Names that
senders give are labels; files are stored under numbers.
"""

import hashlib
import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from app.errors import NotFoundError
from app.intake import Manner
from app.intake.files import LONGEST_PATH, Found, printable, relative

_NAME = re.compile("[0-9a-f]{32}")
_MANIFEST = "manifest.json"
_FORGOTTEN_S = 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel that is whole: its name, what is to be known about it, and its files in order."""

    name: str
    source: str | None
    manner: Manner
    files: tuple[Found, ...]
    digest: str


class Packing:
    """A parcel that is being written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[dict[str, str]] = []

    def add(self, name: str, *, place: str | None = None) -> BinaryIO:
        """Open a further file, which its sender calls ``name``, for writing. ``place`` is where it is known to stand,
        if it is one that the archive has kept: it is read as it is."""
        label = name if place else _label(name) or f"file {len(self._files) + 1}"
        number = f"{len(self._files) + 1:06}"
        self._files.append(
            {"name": label, "file": number, "place": place or label, "whole": "yes" if place else ""}
        )
        return (self._folder / number).open("wb")

    @property
    def paths(self) -> list[Path]:
        """Where the files lie, in order."""
        return [self._folder / each["file"] for each in self._files]

    def seal(self, *, source: str | None, manner: Manner) -> None:
        """Write down what the parcel is: from now on it is whole."""
        for each in self._files:
            with (self._folder / each["file"]).open("rb") as stream:
                each["sha256"] = hashlib.file_digest(stream, "sha256").hexdigest()
        told = {
            "source": source,
            "split": manner.split.value,
            "columns": manner.columns_told,
            "files": self._files,
        }
        (self._folder / _MANIFEST).write_text(json.dumps(told), encoding="utf-8")


class Parcels:
    """The folder of parcels of an archive."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pack(self) -> tuple[str, Packing]:
        """Begin a parcel; return its name, and what to write it with."""
        name = token_hex(16)
        (self._folder / name).mkdir(parents=True)
        return name, Packing(self._folder / name)

    def open(self, name: str) -> Parcel:
        """Return a parcel that is whole; raise ``NotFoundError`` where there is none of that name."""
        if not _NAME.fullmatch(name):
            raise NotFoundError("parcel", name[:40])
        folder = self._folder / name
        try:
            told = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise NotFoundError("parcel", name) from error
        files = tuple(
            Found(
                place=each["place"],
                file=each["name"],
                path=folder / each["file"],
                is_whole=bool(each["whole"]),
            )
            for each in told["files"]
        )
        digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        manner = Manner.stored(told["split"], told.get("columns", ""))
        return Parcel(name=name, source=told["source"], manner=manner, files=files, digest=digest)

    def holds(self, name: str) -> bool:
        """Return whether a parcel is here; it may lie on another machine, or be gone."""
        return (self._folder / name / _MANIFEST).is_file()

    def remove(self, name: str) -> None:
        """Remove a parcel."""
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def forget(self, wanted: frozenset[str]) -> None:
        """Remove parcels older than a day that nobody waits for: sent off half, or only looked at."""
        for folder in self._standing():
            if folder.name not in wanted and time.time() - folder.stat().st_mtime > _FORGOTTEN_S:
                shutil.rmtree(folder, ignore_errors=True)

    def _standing(self) -> Iterator[Path]:
        if self._folder.is_dir():
            yield from self._folder.iterdir()


def _label(name: str) -> str:
    """Return a sender's name for a file as it is shown and known by: relative, printable, and not too long."""
    kept = relative(name)
    clean = "".join(char if char.isprintable() else "�" for char in printable(Path(kept)) if kept)
    return clean.encode()[: LONGEST_PATH // 2].decode(errors="ignore")
