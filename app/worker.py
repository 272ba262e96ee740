"""The background: a thread that brings the index up to date whenever something was written, and reads it whole at
start and from time to time.

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


class Worker:
    """Calls ``verify`` every hour and ``catch_up`` every second, and with growing pauses while it fails. ``stop``
    waits for the last call."""

    def __init__(self, catch_up: Callable[[], IndexState], verify: Callable[[], None]) -> None:
        """``catch_up`` brings the index up to date and says whether it succeeded; ``verify`` looks for damage."""
        self._catch_up = catch_up
        self._verify = verify
        self._verify_at_s = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="newsfold-worker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the call under way."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause_s = _PAUSE_S
        while True:
            pause_s = _PAUSE_S if self._once() else min(pause_s * 2, _LONGEST_PAUSE_S)
            if self._stopping.wait(pause_s):
                return

    def _once(self) -> bool:
        try:
            if time.monotonic() >= self._verify_at_s:
                self._verify_at_s = time.monotonic() + _VERIFY_EVERY_S
                self._verify()
            state = self._catch_up()
        except Exception:
            _log.exception("catch_up_failed")
            return False
        return state is IndexState.CURRENT
