# mypy: untyped-calls-exclude="whoosh"
"""The commits of a Whoosh index: what Whoosh has just written becomes what the manifest names, and the rest goes.

Law: until the manifest says otherwise the old files count, so that Whoosh's own writer removes nothing.
"""

import os
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from typing import BinaryIO, cast

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from app.engines.labels import LEDGERS, Labels, write_labels
from app.engines.vouching import Commit, NotAsWrittenError, vouch, write_commit

_INDEX = "MAIN"  # Whoosh's name for the one index in a folder


class _Storage(FileStorage):
    """A folder in which Whoosh's writer removes nothing: until the manifest says otherwise, the old files count."""

    def __init__(self, commit: Commit) -> None:
        FileStorage.__init__(
            self, str(commit.folder)
        )  # through super() mypy takes it for untyped code of ours

    def delete_file(self, name: str) -> None:
        """Keep the file; ``sweep`` removes it."""


class _MappedFile(StructFile):
    """A file read through the memory."""

    def get(self, position: int, length: int) -> bytes:
        """Return a piece of it."""
        return cast("mmap", self.file)[position : position + length]


class _Mapped(_Storage):
    """A folder whose dictionaries and postings are read through the memory: a search asks them for thousands of pieces
    of a few bytes, and finding each in a file takes longer than reading it."""

    def open_file(self, name: str, **kwargs: object) -> StructFile:
        """Open a file."""
        read: StructFile = FileStorage.open_file(self, name, **kwargs)
        if name.endswith((".trm", ".pst")) and os.fstat(read.fileno()).st_size:  # nothing cannot be mapped
            mapped = cast(
                "BinaryIO", mmap(read.fileno(), 0, access=ACCESS_READ)
            )  # reads and seeks as a file does
            read.close()
            read = _MappedFile(mapped, name=name)
        return read


def mapped_storage_of(commit: Commit) -> FileStorage:
    """Return the folder for searching. Vouch for a file before it is read: one that was cut short kills the process."""
    return _Mapped(commit)


def storage_of(commit: Commit) -> FileStorage:
    """Return the folder as Whoosh reads and writes it."""
    return _Storage(commit)


def contents_of(commit: Commit) -> TOC:
    """Return the table of contents, which lists the segments."""
    name = _contents_name(commit.number)
    if name not in commit.files.vouched():
        raise NotAsWrittenError("the manifest names no table of contents")
    commit.files.check([name])
    return _read_contents(storage_of(commit), commit.number)


def next_commit(before: Commit, number: int, labels: Labels) -> Commit:
    """Make what Whoosh has just written under ``number`` the commit that counts, and remove what it replaces."""
    storage = storage_of(before)
    beside = write_labels(labels, before.folder, number)
    names = [_contents_name(number)]
    for segment in _read_contents(storage, number).segments:
        names += segment.list_files(storage)
    known = before.files.vouched()  # a file of the commit before is not read again
    vouched = {name: known.get(name) or vouch(before.folder / name) for name in names}
    vouched |= {name: vouch(before.folder / name) for name in beside}
    commit = write_commit(before, number, vouched)
    sweep(commit)
    return commit


def sweep(commit: Commit) -> None:
    """Remove what Whoosh left behind and the manifest does not name. Call it with the lock held."""
    for file in commit.folder.iterdir():
        ours = file.name.startswith((f"{_INDEX}_", f"_{_INDEX}_", *LEDGERS)) and not file.name.endswith(
            "LOCK"
        )
        if ours and file.name not in commit.files.vouched():
            with suppress(OSError):  # where an open file cannot be removed, the next writer does it
                file.unlink()


def _contents_name(number: int) -> str:
    return f"_{_INDEX}_{number}.toc"


def _read_contents(storage: FileStorage, number: int) -> TOC:
    contents: TOC = TOC.read(storage, _INDEX, gen=number)
    return contents
