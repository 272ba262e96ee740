# mypy: untyped-calls-exclude="whoosh"
"""How a Whoosh index keeps postings: as arrays that numpy reads in one piece.

Law: all else is Whoosh's third codec, by its classes for extension. Its own blocks of compressed pickles hand over one
posting after the other: most of the time of a first answer to a phrase went into taking them apart. Raise
``whoosh_schema.VERSION`` with any change.

The postings of a term in a ``.pst`` file are numbers of 4 bytes, little-endian, without a sign: how many articles (n),
how many places (m), the CRC-32 of what follows: the n numbers of the articles, n times how many of the places are an
article's, the m places.
"""

from array import array
from itertools import accumulate, pairwise
from struct import Struct
from typing import cast
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.base import PostingsWriter
from whoosh.codec.whoosh3 import W3Codec, W3TermInfo
from whoosh.filedb.structfile import StructFile
from whoosh.formats import Format
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import TermInfo

_NUMBER = np.dtype("<u4")
_HEAD = Struct("<III")

Numbers = NDArray[np.uint32]


def occurrences(file: StructFile, info: TermInfo) -> tuple[Numbers, Numbers, Numbers]:
    """Return the numbers of the articles of a term, how many places each has, and the places of all in a row.

    Raises ``ValueError`` where they are not as they were written.
    """
    start, _ = cast("W3TermInfo", info).extent()
    articles, places, checksum = _HEAD.unpack(file.get(start, _HEAD.size))
    stored = file.get(start + _HEAD.size, (2 * articles + places) * _NUMBER.itemsize)
    if crc32(stored) != checksum:
        raise ValueError("postings are not as they were written")
    numbers = np.frombuffer(stored, _NUMBER)
    return numbers[:articles], numbers[articles : 2 * articles], numbers[2 * articles :]


class ArrayCodec(W3Codec):
    """Whoosh's codec with the postings of each term in one piece."""

    def __init__(self) -> None:
        W3Codec.__init__(self)  # through super() mypy takes it for untyped code of ours

    def postings_writer(self, dbfile: StructFile, byteids: bool = False) -> PostingsWriter:  # noqa: ARG002
        """Return what writes the postings of a field; ``byteids`` would be term vectors, and no field here has them."""
        return _ArrayWriter(dbfile)

    def postings_reader(
        self,
        dbfile: StructFile,
        terminfo: W3TermInfo,
        format_: Format,
        term: tuple[str, bytes] | None = None,
        scorer: object = None,
    ) -> ListMatcher:
        """Return the postings of a term one by one, as Whoosh copies them when it merges segments."""
        docs, counts, places = occurrences(dbfile, terminfo)
        stored = places.tobytes()
        ends = accumulate((counts * _NUMBER.itemsize).tolist(), initial=0)
        values = [stored[start:end] for start, end in pairwise(ends)]
        return ListMatcher(
            docs.tolist(), values=values, format=format_, scorer=scorer, term=term, terminfo=terminfo
        )


class _ArrayWriter(PostingsWriter):
    """Writes the postings of one term after the other."""

    def __init__(self, file: StructFile) -> None:
        self._file = file
        self._docs = array("I")
        self._values: list[bytes] = []

    def start_postings(self, format_: Format, terminfo: W3TermInfo) -> None:  # noqa: ARG002
        """Begin a term; what Whoosh would gather in ``terminfo`` is known at its end."""
        self._docs = array("I")
        self._values = []

    def add_posting(self, id_: int, weight: float, vbytes: bytes, length: int | None = None) -> None:  # noqa: ARG002
        """Add an article with its places."""
        self._docs.append(id_)
        self._values.append(vbytes)

    def finish_postings(self) -> W3TermInfo:
        """Write the term; return what its entry in the dictionary says."""
        docs, values = self._docs, self._values
        counts = np.fromiter(map(len, values), _NUMBER, len(values)) // _NUMBER.itemsize
        numbers = (np.array(docs, _NUMBER).tobytes(), counts.astype(_NUMBER).tobytes())
        stored = b"".join((*numbers, *values))
        start = self._file.tell()
        self._file.write(_HEAD.pack(len(docs), int(counts.sum()), crc32(stored)) + stored)
        info = W3TermInfo(weight=len(docs), df=len(docs), maxweight=1.0, minid=docs[0], maxid=docs[-1])
        info.set_extent(start, self._file.tell() - start)
        return info

    def written(self) -> bool:
        """Whether anything of the term has been written: it is written whole, at its end."""
        return False
