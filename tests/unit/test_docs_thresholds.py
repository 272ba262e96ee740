"""The table of thresholds (repeats, families, candidates, furniture, stories): all of them, as the code has them."""

import ast
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from app.domain.likeness import DEFAULT
from app.domain.story import RULES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FIELDS = {"domain/likeness.py": asdict(DEFAULT), "domain/story.py": asdict(RULES)}
FILES = (
    "domain/candidates.py",
    "domain/family.py",
    "domain/fingerprint.py",
    "domain/furniture.py",
    "domain/likeness.py",
    "domain/mend.py",
    "domain/passages.py",
    "domain/story.py",
    "ingest/regroup.py",
    "store/headlines.py",
    "store/story_memory.py",
)
_ROW = re.compile(r"^\| `(\w+)` \| ([\d.]+) \| `([\w/.]+)` \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
TABLE = {
    (file, name): (float(value), reason)
    for name, value, file, reason in _ROW.findall((DOCS / "duplicates.md").read_text("utf-8"))
}


def constants(file: str) -> dict[str, float]:
    """Return the numbers that a module spells out under a name, and the thresholds it has as fields."""
    found = dict(FIELDS.get(file, {}))
    for node in ast.parse((ROOT / "app" / file).read_text("utf-8")).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int() | float() as value)):
                found[name] = value
    return found


@pytest.mark.parametrize("file", FILES)
def test_every_threshold_is_in_the_table_with_its_value(file: str) -> None:
    told = {name: value for (where, name), (value, _) in TABLE.items() if where == file}
    assert told == constants(file)


def test_the_table_says_of_every_threshold_what_chose_it() -> None:
    assert {file for file, _ in TABLE} == set(FILES)
    why = re.compile(r"\[?(curve|measured|reading|reasoning|cost)\b")
    assert [name for (_, name), (_, reason) in TABLE.items() if not why.match(reason)] == []


def test_a_curve_is_there_for_those_that_one_chose() -> None:
    drawn = set(re.findall(r'font-weight="bold">(\w+)', (DOCS / "duplicates.svg").read_text("utf-8")))
    chosen = {
        name for (file, name), (_, reason) in TABLE.items() if "curve" in reason and "stories" not in reason
    }
    assert chosen == drawn


def test_the_chapter_on_stories_has_the_same_values() -> None:
    told = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", (DOCS / "stories.md").read_text("utf-8"), re.MULTILINE)
    assert {name: float(value) for name, value in told} == asdict(RULES)
