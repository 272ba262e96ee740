"""What is taken in besides files: pages of the web, and what comes in on a stream; each held as a file for a while."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from shutil import copyfileobj
from typing import IO

from app.fetch import Fetched, Fetcher, NotFetched
from app.ingest.parcels import Packing, Parcels
from app.intake.files import Found, Refused
from app.intake.unpacking import holds_files
from app.progress import Progress

_STDIN = "standard input"


@contextmanager
def gathered(
    parcels: Parcels,
    fetcher: Fetcher,
    addresses: Sequence[str],
    stdin: IO[bytes] | None,
    *,
    progress: Progress,
) -> Iterator[list[Found | Refused]]:
    """Fetch addresses and read a stream; hold what came as files while the block runs."""
    name, packing = parcels.pack()
    found: list[Found | Refused] = []
    try:
        for done, url in enumerate(addresses):
            progress("fetching", done, len(addresses))
            found.append(fetched(packing, url, fetcher.fetch(url)))
        if stdin is not None:
            with packing.add(_STDIN) as stream:
                copyfileobj(stdin, stream)
            found.append(Found(place=_STDIN, file=_STDIN, path=packing.paths[-1]))
        yield found
    finally:
        parcels.remove(name)


def fetched(packing: Packing, url: str, answer: Fetched | NotFetched) -> Found | Refused:
    """Hold an answer as the file that it is kept as; or say why there is none."""
    refused = Refused(place=url, file=url, reason="")
    match answer:
        case NotFetched(reason=reason):
            return replace(refused, reason=reason)
        case Fetched(status=HTTPStatus.OK):
            is_packed = holds_files(answer.body)
            with packing.add(url) as stream:
                stream.write(answer.body if is_packed else answer.as_record())
            return Found(place=url, file=url, path=packing.paths[-1], is_whole=not is_packed)
        case Fetched(status=status):
            return replace(refused, reason=f"The server answered {status}. Check the address.")
