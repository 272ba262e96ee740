"""Logs: one line per event on stderr, readable on a terminal, JSON where stderr is a file or a pipe."""

import logging
import sys

import structlog

# What these say about a file, the delivery's report says better.
_TALKATIVE = ("trafilatura", "htmldate", "courlan", "warcio")


def configure_logs(level: str) -> None:
    """Set up structlog for this process; ``level`` is a standard level name in lower case."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
