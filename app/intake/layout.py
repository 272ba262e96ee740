"""The roles of one article's paragraphs, as they are found.

Law: every paragraph has exactly one role, and the rule that gave it; nothing is lost, only dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.intake.lines import Judged, Kind
from app.intake.reading import Role


@dataclass(slots=True)
class Layout:
    """The roles of an article's paragraphs as they are found, in the order of the paragraphs."""

    units: Sequence[Judged]
    roles: list[Role]
    rules: list[str]
    headline: int | None = None
    deck: int | None = None
    bylines: list[int] = field(default_factory=list)
    dateline: str | None = None
    first_text: int = 0
    last_text: int = -1

    def set(self, index: int, role: Role, rule: str) -> None:
        """Give the paragraph at ``index`` its role."""
        self.roles[index] = role
        self.rules[index] = rule

    def drop_separators(self, indexes: range) -> None:
        """Give the separators among ``indexes`` their role."""
        for index in indexes:
            if self.units[index].kind is Kind.SEPARATOR:
                self.set(index, Role.SEPARATOR, self.units[index].rule)
