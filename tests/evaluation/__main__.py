"""Everything that is measured on the shared data, one table after the other: `make evaluate`."""

import sys
import time

from tests.evaluation import cleaning, formats, relevance, repeats, splitting, stories

_PARTS = {
    "splitting": splitting.main,
    "cleaning": cleaning.main,
    "formats": formats.main,
    "repeats": repeats.main,
    "stories": stories.main,
    "relevance": relevance.main,
}


def main() -> None:
    """Run the parts named on the command line, or all of them."""
    wanted = sys.argv[1:] or list(_PARTS)
    unknown = [name for name in wanted if name not in _PARTS]
    if unknown:
        raise SystemExit(
            f"There is no evaluation called {', '.join(unknown)}. There are: {', '.join(_PARTS)}."
        )
    sys.argv = sys.argv[:1]
    for name in wanted:
        started = time.monotonic()
        print(f"\n## {name}\n", flush=True)
        _PARTS[name]()
        print(f"\n{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
