"""The documentation names what there is: every setting, command and module of the map."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from app.cli.main import app
from app.config import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`NEWSFOLD_{name.upper()}`" in README


@pytest.mark.parametrize("name", sorted(get_command(app).commands))  # type: ignore[attr-defined]
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"newsfold {name}" in README


def test_links_between_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = (
        (page, link) for page in pages for link in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    )
    broken = [
        f"{page.name} → {link}"
        for page, link in links
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert broken == []


def test_the_files_that_the_documents_name_exist() -> None:
    pages = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]
    names = [
        (page.name, name)
        for page in pages
        for name in re.findall(r"`((?:app|tests|docs|migrations)/[\w./-]+)`", page.read_text("utf-8"))
    ]
    assert names
    assert [(page, name) for page, name in names if not (ROOT / name).exists()] == []


def test_the_changelog_has_an_open_section() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
