"""The query language: text in, an engine-neutral tree out, and the help that goes with it."""

from app.questions.language import HelpEntry, help_entries
from app.questions.lenient import plain_words
from app.questions.parsing import parse
from app.questions.wording import wording

__all__ = ["HelpEntry", "help_entries", "parse", "plain_words", "wording"]
