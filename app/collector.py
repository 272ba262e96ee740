"""Memory: how often Python looks for garbage in cycles, and what is given back to the system."""

import ctypes
import gc
import sys

# A batch of articles makes a hundred thousand objects that live until it is written, and every 700 Python would go
# through the youngest: a tenth of the time of taking in, for no memory (docs/benchmarks.md).
_NEW_OBJECTS = 50_000

# The C library of most Linux systems keeps what is free between what is not; others have no such function.
_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


def collect_seldom() -> None:
    """Let Python look for cycles once in 50,000 new objects. Only the way into a process calls this: it holds for all
    of it."""
    gc.set_threshold(_NEW_OBJECTS)


def give_back() -> None:
    """Give the system back the memory that is free, where the C library can: what a batch of articles took stays with
    the process otherwise, a third of all it has."""
    if _TRIM is not None:
        _TRIM(0)
