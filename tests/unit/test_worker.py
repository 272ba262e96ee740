"""The background threads: they end, and tell each other nothing."""

import threading
import time
from collections.abc import Callable

from app.worker import Worker

_LONGEST_S = 20.0


def test_one_that_waits_for_another_does_not_keep_that_one_from_being_told() -> None:
    """As the index does that waits for its turn to write while a delivery is being filed."""
    done = threading.Event()
    begun = threading.Barrier(3)

    def waiting(_: Callable[[], bool]) -> bool:
        begun.wait(_LONGEST_S)
        return done.wait(_LONGEST_S)

    def filing(stopping: Callable[[], bool]) -> bool:
        begun.wait(_LONGEST_S)
        while not stopping():
            time.sleep(0.01)
        done.set()
        return False

    workers = (Worker("index", waiting), Worker("intake", filing))
    for worker in workers:
        worker.start()
    begun.wait(_LONGEST_S)
    began = time.monotonic()
    for worker in workers:
        worker.stop()
    assert time.monotonic() - began < 1
    for worker in workers:
        worker.wait()
    assert done.is_set()
    assert time.monotonic() - began < _LONGEST_S / 2
