"""The rules of the house that no linter knows."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for folder in ("app", "tests", "migrations") for path in (ROOT / folder).rglob("*.py"))


def test_no_file_reaches_600_lines() -> None:
    assert [str(path) for path in SOURCES if len(path.read_text("utf-8").splitlines()) >= 600] == []


def test_only_the_database_and_the_engines_commit() -> None:
    allowed = {"app/store/database.py", "app/indexing.py"}
    committing = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if path.is_relative_to(ROOT / "app") and ".commit(" in path.read_text("utf-8")
    }
    assert {path for path in committing - allowed if not path.startswith("app/engines/")} == set()


def test_package_files_are_empty_but_for_rooms_with_one_door() -> None:
    written = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if path.name == "__init__.py" and path.read_text("utf-8").strip()
    }
    assert written <= {"app/intake/__init__.py", "app/questions/__init__.py"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text)), f"{path} has no docstring"


def test_the_root_stays_small() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    top = {line.split("/")[0] for line in listed.stdout.splitlines()}
    expected = {
        "app", "docs", "migrations", "requirements", "tests", "pyproject.toml", "Makefile", "LICENSE",
        "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "DIVERGENCES.md",
        ".ci", ".gitignore", ".pre-commit-config.yaml",
    }  # fmt: skip
    assert top - expected == set()


def test_lock_files_name_no_registry() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text("utf-8")
