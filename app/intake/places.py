"""Places in a text as the lines they stand on, counted from 1 over "\\n"."""

import re
from bisect import bisect_left


class Places:
    """The lines of one text, so that looking one up costs little however long the text is."""

    def __init__(self, text: str) -> None:
        self._feeds = [found.start() for found in re.finditer("\n", text)]

    @property
    def last(self) -> int:
        """The number of the last line."""
        return len(self._feeds) + 1

    def line(self, at: int) -> int:
        """Return the number of the line on which a character stands."""
        return bisect_left(self._feeds, at) + 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the first and the last line of the characters from ``start`` to before ``end``."""
        return self.line(start), self.line(end - 1)
