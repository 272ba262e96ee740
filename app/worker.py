"""The background: a thread that brings the index up to date, at start and whenever something was written.

Law: this loop is the one place that survives an exception it did not expect; it logs it and tries again.
"""

import threading
from collections.abc import Callable

import structlog

from app.domain.delivery import IndexState

_log = structlog.get_logger(__name__)

_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0


class Worker:
    """Calls ``catch_up`` every second, and with growing pauses while it fails. ``stop`` waits for the last call."""

    def __init__(self, catch_up: Callable[[], IndexState]) -> None:
        """``catch_up`` brings the index up to date and says whether it succeeded."""
        self._catch_up = catch_up
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
            state = self._catch_up()
        except Exception:
            _log.exception("catch_up_failed")
            return False
        return state is IndexState.CURRENT
