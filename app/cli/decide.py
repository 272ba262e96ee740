"""The commands by which a person decides: about duplicates, about what is seen, about stories; the log, and undoing.

Law: each takes who (the user of the system unless said) and why, and prints what was written to the log.
"""

import getpass
import sys
from typing import Annotated

import typer

from app import shapes
from app.cli.opening import AsJson, Id, PageNumber, check_text, opened
from app.cli.tables import told
from app.cli.terminal import complain, print_json, progress_bar, say
from app.domain.article import LARGEST_ID, ArticleId, StoryId
from app.domain.decision import Action, Ask, Decision, Reason
from app.errors import UsageError

commands = typer.Typer()

_IN_THE_LOG = (
    "Another program is reading the archive, so that the erased text is still in archive.db-wal. A running "
    "`newsfold serve` clears it as soon as it can; else it goes when the last program closes the archive."
)

Why = Annotated[str, typer.Option("--reason", help="Why; it is remembered.", show_default=False)]
Who = Annotated[str | None, typer.Option("--who", help="Who decides.", show_default="your user name")]
Ids = Annotated[list[int], typer.Argument(min=1, max=LARGEST_ID, show_default=False)]


def _reason(who: str | None, why: str) -> Reason:
    for text in (who or "", why):
        check_text(text, "The name or the reason")
    return Reason(who=(who or getpass.getuser()).strip(), why=why.strip())


def _decide(ask: Ask, who: str | None, why: str, as_json: bool) -> None:
    reason = _reason(who, why)
    with opened() as archive, progress_bar() as progress:
        made = archive.decide(ask, reason, progress=progress)
        emptied = archive.log_emptied
    _tell(made, as_json)
    if not emptied:
        complain(_IN_THE_LOG)


def _tell(made: Decision, as_json: bool) -> None:
    if as_json:
        print_json(shapes.shape_decision(made))
    else:
        say(told(made))


@commands.command()
def apart(article: Id, other: Id, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """Say that an article is not a duplicate of another."""
    _decide(Ask(action=Action.APART, article=ArticleId(article), other=ArticleId(other)), who, why, as_json)


@commands.command()
def repeats(article: Id, of: Id, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """Say that an article is a duplicate of another."""
    _decide(Ask(action=Action.REPEATS, article=ArticleId(article), other=ArticleId(of)), who, why, as_json)


@commands.command()
def original(article: Id, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """Say that an article is the original of its family."""
    _decide(Ask(action=Action.ORIGINAL, article=ArticleId(article)), who, why, as_json)


@commands.command()
def withdraw(article: Id, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """Put an article out of sight; its text stays in the archive."""
    _decide(Ask(action=Action.WITHDRAW, article=ArticleId(article)), who, why, as_json)


@commands.command()
def restore(article: Id, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """Bring a withdrawn article back into sight."""
    _decide(Ask(action=Action.RESTORE, article=ArticleId(article)), who, why, as_json)


@commands.command()
def erase(
    article: Id,
    why: Why,
    who: Who = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove an article's text for good, from the archive and from every file it came in."""
    if not yes and not sys.stdin.isatty():
        raise UsageError("Erasing cannot be undone: say --yes.")
    if not yes and not typer.confirm(f"Erase article {article} for good?", err=True):
        raise typer.Exit(1)
    _decide(Ask(action=Action.ERASE, article=ArticleId(article)), who, why, as_json)
    if not as_json:
        say("The index's old files keep its words until they are merged; `newsfold reindex` clears them now.")


@commands.command()
def merge(story: Id, into: Id, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """Make a story part of another; its id goes on leading there."""
    _decide(Ask(action=Action.MERGE, story=StoryId(story), into=StoryId(into)), who, why, as_json)


@commands.command("split-off")
def split_off(story: Id, articles: Ids, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """Let articles of a story be a story of their own; families go whole."""
    ask = Ask(action=Action.SPLIT_OFF, story=StoryId(story), articles=tuple(map(ArticleId, articles)))
    _decide(ask, who, why, as_json)


@commands.command()
def move(story: Id, articles: Ids, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """Put articles into a story; families go whole."""
    ask = Ask(action=Action.MOVE, story=StoryId(story), articles=tuple(map(ArticleId, articles)))
    _decide(ask, who, why, as_json)


@commands.command()
def rename(story: Id, headline: str, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """Give a story a headline that stays."""
    check_text(headline, "The headline")
    _decide(Ask(action=Action.RENAME, story=StoryId(story), headline=headline), who, why, as_json)


@commands.command()
def lock(story: Id, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """Let a story take no more articles but copies of those it has."""
    _decide(Ask(action=Action.LOCK, story=StoryId(story)), who, why, as_json)


@commands.command()
def unlock(story: Id, why: Why, who: Who = None, as_json: AsJson = False) -> None:
    """Let a locked story take articles again."""
    _decide(Ask(action=Action.UNLOCK, story=StoryId(story)), who, why, as_json)


@commands.command()
def decisions(
    article: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, help="Only about this article.")
    ] = None,
    story: Annotated[int | None, typer.Option(min=1, max=LARGEST_ID, help="Only about this story.")] = None,
    page: PageNumber = 1,
    page_size: Annotated[int, typer.Option(min=1, max=100, help="Rows on a page.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show what people decided, the newest first."""
    with opened() as archive:
        log = archive.decisions(
            article=ArticleId(article) if article else None,
            story=StoryId(story) if story else None,
            page=page,
            page_size=page_size,
        )
    if as_json:
        print_json(shapes.shape_decisions(log, article=article, story=story))
        return
    for made in log.rows:
        say(told(made))
    if not log.rows:
        say("Nothing has been decided.")


@commands.command()
def undo(
    decision: Annotated[int, typer.Argument(min=1, max=LARGEST_ID, help="Its number in the log.")],
    why: Why,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take a decision back; what it took the place of holds again."""
    reason = _reason(who, why)
    with opened() as archive, progress_bar() as progress:
        made = archive.undo(decision, reason, progress=progress)
    _tell(made, as_json)
