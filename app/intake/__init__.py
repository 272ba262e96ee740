"""Intake: bytes to drafts. The one package of the house whose front is not empty."""

from app.intake.reader import READER_VERSION, read
from app.intake.reading import AS_USUAL, Boundary, Line, Manner, Reading, Role, Split, Unreadable

__all__ = [
    "AS_USUAL",
    "READER_VERSION",
    "Boundary",
    "Line",
    "Manner",
    "Reading",
    "Role",
    "Split",
    "Unreadable",
    "read",
]
