"""The list of links that are most worth a look."""

from pathlib import Path

from sqlalchemy import create_engine

from app.archive import Archive, open_archive
from app.domain.article import ArticleId, RepeatKind
from app.domain.decision import Action, Ask, Reason
from app.intake import Manner, Split
from app.web.app import create_app
from tests.factories import make_settings, paragraph, write
from tests.integration.test_cli import Shell
from tests.integration.test_migrations import migrate_to
from tests.serving import served


def family(seed: int, changed: int) -> list[str]:
    """A text of ten paragraphs and another with some of them changed."""
    own = [paragraph(seed * 100 + number) for number in range(10)]
    other = [paragraph(seed * 100 + 50 + number) if number < changed else own[number] for number in range(10)]
    return ["\n\n".join(own), "\n\n".join(other)]


def fill(folder: Path) -> Path:
    """Three families, each more doubtful than the one before."""
    texts = {
        f"a{seed}{nth}_txt": f"{name} of them told us {'at noon' if nth else 'at dawn'}\n\n{each}\n"
        for seed, (name, changed) in enumerate((("The first", 0), ("The second", 1), ("The third", 2)))
        for nth, each in enumerate(family(seed, changed))
    }
    return write(folder, **texts)


def pairs(archive: Archive) -> list[tuple[int, int]]:
    return [(row.article.id, row.other.id) for row in archive.doubtful(page=1, page_size=50).rows]


def test_the_most_doubtful_links_come_first(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([fill(tmp_path / "in")])
    listing = archive.doubtful(page=1, page_size=50)
    doubts = [row.doubt for row in listing.rows]
    assert pairs(archive) == [(6, 5), (4, 3), (2, 1)]
    assert doubts == sorted(doubts, reverse=True)
    assert doubts[-1] == 0.0
    assert listing.total == 3
    assert archive.doubtful(page=2, page_size=2).rows == listing.rows[2:]


def test_a_link_that_a_person_ruled_about_is_left_out_until_that_is_undone(
    archive: Archive, tmp_path: Path
) -> None:
    archive.ingest([fill(tmp_path / "in")])
    made = archive.decide(
        Ask(action=Action.APART, article=ArticleId(5), other=ArticleId(6)),
        Reason(who="Ada", why="two events"),
    )
    assert pairs(archive) == [(4, 3), (2, 1)]
    archive.undo(made.id, Reason(who="Ada", why="one after all"))
    assert pairs(archive) == [(6, 5), (4, 3), (2, 1)]


def test_passages_in_common_fold_nothing_and_are_not_listed(archive: Archive, tmp_path: Path) -> None:
    here, there = [paragraph(number) for number in range(8)], [paragraph(number) for number in range(20, 28)]
    there[3:5] = here[3:5]
    archive.ingest([write(tmp_path / "in", a_txt="\n\n".join(here), b_txt="\n\n".join(there))])
    assert archive.article(ArticleId(1)).repeats
    assert pairs(archive) == []


def test_what_a_digest_contains_is_in_no_family_with_it_and_not_listed(
    archive: Archive, tmp_path: Path
) -> None:
    parts = ["\n\n".join(paragraph(seed * 10 + number) for number in range(6)) for seed in range(3)]
    archive.ingest([write(tmp_path / "in", a_txt=parts[0], b_txt=parts[1], c_txt=parts[2])])
    archive.ingest([write(tmp_path / "digest", d_txt="\n\n".join(parts))], manner=Manner(split=Split.NEVER))
    assert {link.kind for link in archive.article(ArticleId(4)).repeats} == {RepeatKind.CONTAINS}
    assert pairs(archive) == []


def test_the_page_and_the_api_say_the_same(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([fill(tmp_path / "in")])
    with served(create_app(archive)) as site:
        found = site.get("/api/v1/doubtful", params={"page_size": 2}).json()
        html = site.get("/doubtful", headers={"Accept": "text/html"}).text
    assert [(each["article"], each["other"]) for each in found["links"]] == [(6, 5), (4, 3)]
    assert found["next"]
    assert html.index("/articles/6/compare/5") < html.index("/articles/4/compare/3")


def test_the_command_lists_as_many_as_are_asked_for(home: Path, tmp_path: Path) -> None:
    shell = Shell(home)
    shell("ingest", fill(tmp_path / "in"))
    told = shell("doubtful", "--most", "2").stdout
    assert "newsfold compare 6 5" in told
    assert "2 of 3 links that fold one article." in told
    assert [each["doubt"] for each in shell.json("doubtful")["links"]][-1] == 0.0


def test_links_of_an_older_version_are_listed_as_well(
    home: Path, database_url: str | None, tmp_path: Path
) -> None:
    settings = make_settings(home, database_url=database_url)
    with open_archive(settings) as archive:
        archive.ingest([fill(tmp_path / "in")])
        listed = archive.doubtful(page=1, page_size=50)
    engine = create_engine(settings.database)
    with engine.begin() as connection:
        migrate_to("0005", connection)
    engine.dispose()
    with open_archive(settings) as archive:
        assert archive.doubtful(page=1, page_size=50) == listed
