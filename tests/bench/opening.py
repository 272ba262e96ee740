"""What opening an index costs, in a process of its own: ``python -m tests.bench.opening ENGINE FOLDER``.

Law: everything is imported before the clock starts; opening ends with the answer to a question that nothing matches.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy.ma  # noqa: F401 - NumPy itself puts it off until it is first asked for different numbers

from app.domain.query import Fold, Question, Sort, Term
from app.engines.port import Engine
from app.engines.tantivy import TantivyEngine
from app.engines.whoosh import WhooshEngine

_NO_WORD = Term(text="zzyzxqw")
_KIBIBYTES = 1024


def opened(name: str, folder: Path) -> str:
    """Open an index three times, each in a new process; say how long the middle one took, and how much memory."""
    told = []
    for _ in range(3):
        command = [sys.executable, "-m", "tests.bench.opening", name, str(folder)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
        told.append(json.loads(answer.stdout))
    milliseconds, megabytes = sorted(map(tuple, told))[1]
    return f"{milliseconds:.0f} ms, {megabytes:.0f} MB"


def main() -> None:
    """Open the index named on the command line; print the milliseconds and the megabytes of memory it took."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    engine: Engine = WhooshEngine(folder) if name == "Whoosh" else TantivyEngine(folder)
    before, began = _resident(), time.perf_counter()
    engine.find(Question(tree=_NO_WORD, fold=Fold.NONE, sort=Sort.RELEVANCE, first_row=0, rows=1))
    spent = time.perf_counter() - began
    print(json.dumps([1e3 * spent, (_resident() - before) / 1e3]))


def _resident() -> float:
    """Return the memory of this process, in KB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    told = next(line for line in lines if line.startswith("VmRSS"))
    return int(told.split()[1]) * _KIBIBYTES / 1e3


if __name__ == "__main__":
    main()
