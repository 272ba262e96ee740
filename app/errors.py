"""Every error a user can meet, as one small tree.

Law: an error carries its subject and one plain sentence that tells the reader what to do. No status codes here:
``web/problems.py`` and ``cli.py`` translate.
"""

from dataclasses import dataclass


class NewsfoldError(Exception):
    """The root. ``str(error)`` is one or two plain sentences: what is wrong, where, and what to do."""


_ELSEWHERE = {
    "article": "Search for words of it; every result names its article.",
    "story": "Search for words of it; every result names its story.",
    "delivery": "The list of deliveries has all there are.",
}


class NotFoundError(NewsfoldError):
    """There is no such thing under that id."""

    def __init__(self, kind: str, key: object) -> None:
        elsewhere = _ELSEWHERE.get(kind, "Check the id.")
        super().__init__(f"There is no {kind} {key} in this archive. {elsewhere}")
        self.kind = kind
        self.key = key


class WithdrawnError(NewsfoldError):
    """The article is out of sight: a person withdrew or erased it."""

    def __init__(self, article: int, *, erased: bool, day: object, reason: str) -> None:
        done = "erased" if erased else "withdrawn"
        after = "Its text is gone for good." if erased else f"`newsfold restore {article}` brings it back."
        super().__init__(f"Article {article} was {done} on {day}: {reason.rstrip('.')}. {after}")
        self.article = article
        self.erased = erased


class EmptiedError(WithdrawnError):
    """The story has no article in sight any more: people withdrew or erased them all, ``article`` last."""

    def __init__(self, story: int, article: int, *, erased: bool, day: object, reason: str) -> None:
        super().__init__(article, erased=erased, day=day, reason=reason)
        self.args = (f"Story {story} has no article in sight any more. {self}",)


class ConflictError(NewsfoldError):
    """What is asked for contradicts what was decided before, or does not fit how things stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing wrong in a query: what, and where in it (code points, ``end`` exclusive)."""

    detail: str
    start: int
    end: int


class QueryError(NewsfoldError):
    """The query cannot be understood."""

    def __init__(self, query: str, troubles: tuple[Trouble, ...]) -> None:
        super().__init__(" ".join(trouble.detail for trouble in troubles))
        self.query = query
        self.troubles = troubles


class ParameterError(NewsfoldError):
    """A parameter has a value that cannot be served."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(detail)
        self.name = name


class IndexUnavailableError(NewsfoldError):
    """The index is missing, damaged or from another version; the database still holds everything."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"The search index at {place} {reason}. Nothing is lost: run `newsfold reindex` to build it anew."
        )
        self.place = place


class IndexBusyError(NewsfoldError):
    """Another process writes to the index, and went on doing so for as long as we were told to wait."""

    def __init__(self, place: str, waited_s: float) -> None:
        super().__init__(
            f"Another process has been writing to the index at {place} for {waited_s:.0f} seconds. "
            "Try again when it has finished; a running `newsfold serve` will catch up by itself."
        )
        self.place = place


class IndexUnwritableError(NewsfoldError):
    """The index cannot be written to: the disk is full or read-only, or the folder is somebody else's."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"The search index at {place} cannot be written: {reason}. Nothing is lost: make room on its disk or its "
            "folder writable, and try again."
        )
        self.place = place


class DatabaseUnavailableError(NewsfoldError):
    """The database cannot be opened, is of a newer version, or stayed locked."""


class SettingsError(NewsfoldError):
    """A setting has a value that cannot work."""


class TooLargeError(NewsfoldError):
    """More was sent at once than is taken."""


class UsageError(NewsfoldError):
    """A command was called with something it cannot work on."""
