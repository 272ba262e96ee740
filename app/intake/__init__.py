"""Intake: bytes to drafts. The one package of the house whose front is not empty."""

from app.intake.reader import READER_VERSION, read
from app.intake.reading import Boundary, Line, Reading, Role, Split, Unreadable

__all__ = ["READER_VERSION", "Boundary", "Line", "Reading", "Role", "Split", "Unreadable", "read"]
