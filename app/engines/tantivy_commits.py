"""The commits of a tantivy index: each is a folder of its own that names the files of that moment.

Law: tantivy overwrites its table of contents (``meta.json``) and removes files as it likes; so it works in a folder
that nobody reads, and what it leaves there goes into the store, to which the folder of the commit has links. They are
symbolic: another hard link to a file, or one less, changes its time of change, and so breaks the seal on it. Until the
manifest names the new commit, the one before counts.
"""

import json
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.domain.entry import Entry
from app.engines.labels import LEDGERS, Labels, labels_changed, no_labels, read_labels, write_labels
from app.engines.rows import ROW
from app.engines.vouching import Commit, Vouched, resealed, vouch, write_commit

CONTENTS = "meta.json"
_ROWS, _STAMPS = "rows.npy", "stamps.npy"
_OURS = (_ROWS, _STAMPS, *LEDGERS)  # how the names of our own files begin
_VIEW, _WORK, _STORE = "view-", "work", "store"


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """Every article of an index, ascending: its row, and its stamp as UTF-8."""

    rows: NDArray[np.void]
    stamped: NDArray[np.bytes_]
    labels: Labels

    @classmethod
    def empty(cls) -> "Ledger":
        """Return the ledger of an index without articles."""
        return cls(np.empty(0, ROW), np.empty(0, "S1"), no_labels())

    @classmethod
    def read(cls, view: Path, commit: int) -> "Ledger":
        """Return the ledger of a commit; raises ``OSError`` or ``ValueError``."""
        rows, stamps = (np.load(view / name, allow_pickle=False) for name in (_ROWS, _STAMPS))
        if rows.dtype != ROW or len(rows) != len(stamps):
            raise ValueError("the ledger of the index is no ledger")
        return cls(rows, stamps, read_labels(view, commit))

    def write(self, view: Path, commit: int) -> tuple[str, ...]:
        """Write it into the folder of a commit; return the names of its files."""
        np.save(view / _ROWS, self.rows, allow_pickle=False)
        np.save(view / _STAMPS, self.stamped, allow_pickle=False)
        return (_ROWS, _STAMPS, *write_labels(self.labels, view, commit))

    def changed(
        self, articles: Collection[int], entries: Sequence[Entry], rows: NDArray[np.void]
    ) -> "Ledger":
        """Return it without some articles, and with the entries, whose ``rows`` stand beside them."""
        stamps = np.array([entry.stamp.encode() for entry in entries], np.bytes_)
        kept = ~np.isin(self.rows["article"], np.fromiter(articles, np.int64, len(articles)))
        joined = np.concatenate([self.rows[kept], rows])
        order = np.argsort(joined["article"], kind="stable")
        stamped = np.concatenate([self.stamped[kept], stamps])
        return Ledger(joined[order], stamped[order], labels_changed(self.labels, articles, entries))

    def stamps(self) -> Iterator[tuple[int, str]]:
        """Yield every article with its stamp."""
        for article, stamp in zip(self.rows["article"].tolist(), self.stamped.tolist(), strict=True):
            yield article, stamp.decode()


def fresh_work(commit: Commit) -> Path:
    """Return the folder to work in, as a commit left the index."""
    work = commit.folder / _WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for name in commit.files.vouched():
        if name == CONTENTS:
            shutil.copyfile(commit.view / name, work / name)
        elif not name.startswith(_OURS):
            _link(name, work)
    return work


def next_commit(before: Commit, work: Path, ledger: Ledger) -> Commit:
    """Make what stands in the folder ``work`` the commit that counts, and remove what it replaces."""
    number = before.number + 1
    view = before.folder / f"{_VIEW}{number}"
    shutil.rmtree(view, ignore_errors=True)
    view.mkdir()
    store = before.folder / _STORE
    store.mkdir(exist_ok=True)
    known = before.files.vouched()
    vouched: dict[str, Vouched] = {}
    for name in _named(work):
        if name not in known:
            (work / name).replace(store / name)
        _link(name, view)
        vouched[name] = resealed(view / name, known[name]) if name in known else vouch(view / name)
    shutil.copyfile(work / CONTENTS, view / CONTENTS)
    beside = ledger.write(view, number)
    vouched |= {name: vouch(view / name) for name in (CONTENTS, *beside)}
    commit = write_commit(before, number, vouched, view=view.name)
    sweep(commit)
    return commit


def sweep(commit: Commit) -> None:
    """Remove the folders and the files that are not this commit's. Call it with the lock held."""
    for entry in commit.folder.iterdir():
        ours = entry.name.startswith(_VIEW) or entry.name == _WORK
        if ours and entry != commit.view:
            shutil.rmtree(entry, ignore_errors=True)
    store = commit.folder / _STORE
    for file in store.iterdir() if store.is_dir() else ():
        if file.name not in commit.files.vouched():
            file.unlink(missing_ok=True)


def _named(work: Path) -> Iterator[str]:
    """Yield the files that the table of contents names: of each segment those of its id, and its newest deletions."""
    deletions: dict[str, str] = {}
    for segment in json.loads((work / CONTENTS).read_text("utf-8"))["segments"]:
        stem = str(segment["segment_id"]).replace("-", "")
        deleted = segment.get("deletes")
        deletions[stem] = f"{stem}.{deleted['opstamp']}.del" if deleted else ""
    for file in work.iterdir():
        stem = file.name.partition(".")[0]
        if stem in deletions and (not file.name.endswith(".del") or file.name == deletions[stem]):
            yield file.name


def _link(name: str, folder: Path) -> None:
    """Let a folder have a file of the store, which nobody writes to any more; where the disk has no links, a copy."""
    try:
        (folder / name).symlink_to(Path("..") / _STORE / name)
    except OSError:
        shutil.copyfile(folder.parent / _STORE / name, folder / name)
