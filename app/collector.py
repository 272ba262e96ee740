"""How often Python looks for garbage in cycles: for every process that serves an archive or takes articles in.

Law: only the way into a process calls this; it holds for all of it.
"""

import gc

# A batch of articles makes a hundred thousand objects that live until it is written, and every 700 Python would go
# through the youngest: a tenth of the time of taking in, for no memory (docs/benchmarks.md).
_NEW_OBJECTS = 50_000


def collect_seldom() -> None:
    """Let Python look for cycles once in 50,000 new objects."""
    gc.set_threshold(_NEW_OBJECTS)
