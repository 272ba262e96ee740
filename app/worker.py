"""The background: threads that call one thing again and again, each its own.

Law: this loop is the one place that survives an exception it did not expect; it logs it and tries again.
"""

import threading
import time
from collections.abc import Callable

import structlog

from app.domain.delivery import IndexState

_log = structlog.get_logger(__name__)

_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0
_VERIFY_EVERY_S = 3600.0
_EMPTY_EVERY_S = 60.0


class Worker:
    """Calls ``step`` every second, and with growing pauses while it fails, until ``stop``."""

    def __init__(self, name: str, step: Callable[[Callable[[], bool]], bool]) -> None:
        """``step`` does what there is to do, and says whether it succeeded; it is given a function that says whether it
        is to stop, which one that takes long asks from time to time."""
        self._name = name
        self._step = step
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"newsfold-{name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Say that the call under way is the last, and wait for nothing: others may have to be told as well."""
        self._stopping.set()

    def wait(self) -> None:
        """Wait for the end of the last call."""
        self._thread.join()

    def _run(self) -> None:
        pause_s = _PAUSE_S
        while True:
            pause_s = _PAUSE_S if self._succeeds() else min(pause_s * 2, _LONGEST_PAUSE_S)
            if self._stopping.wait(pause_s):
                return

    def _succeeds(self) -> bool:
        try:
            return self._step(self._stopping.is_set)
        except Exception:
            _log.exception("worker_failed", worker=self._name)
            return False


class Upkeep:
    """What index and database need: the index to be brought up to date, and to be read whole at start and every hour;
    the database's log to be emptied at start and every minute, in case what another process erased is still in it."""

    def __init__(
        self, catch_up: Callable[[], IndexState], verify: Callable[[], None], empty_log: Callable[[], bool]
    ) -> None:
        """``catch_up`` brings the index up to date and says whether it succeeded; ``verify`` looks for damage;
        ``empty_log`` says whether it succeeded, and is called again at the next step where it did not."""
        self._catch_up = catch_up
        self._verify = verify
        self._empty_log = empty_log
        self._verify_at_s = 0.0
        self._empty_at_s = 0.0

    def __call__(self, _: Callable[[], bool]) -> bool:
        """Do each where it is time; return whether the index is up to date."""
        if time.monotonic() >= self._empty_at_s and self._empty_log():
            self._empty_at_s = time.monotonic() + _EMPTY_EVERY_S
        if time.monotonic() >= self._verify_at_s:
            self._verify_at_s = time.monotonic() + _VERIFY_EVERY_S
            self._verify()
        return self._catch_up() is IndexState.CURRENT
