"""What the commands print for people: reports, results, articles, stories, previews."""

from collections.abc import Iterable
from itertools import groupby

from rich.table import Table
from rich.text import Text

from app.cli.terminal import out, plain, say
from app.domain.article import DroppedLine, Published
from app.domain.delivery import DroppedRun, IndexState, Report
from app.domain.query import Results
from app.domain.views import ArticleView, StoryView
from app.indexing import Agreement
from app.intake import Reading, Role

_SAID_ROLES = {
    Role.HEADLINE,
    Role.DECK,
    Role.BYLINE,
    Role.DATELINE,
    Role.SUBHEAD,
    Role.SEPARATOR,
    Role.DROPPED,
}
_WIDTH = 72


def cut(text: str, width: int = _WIDTH) -> str:
    """Return the beginning of ``text`` on one line."""
    folded = " ".join(plain(text).split())
    return folded if len(folded) <= width else folded[: width - 1].rstrip() + "…"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def print_report(report: Report) -> None:
    """Print what became of a delivery."""
    table = Table("file", "lines", "outcome", "article", "repeats", "story", box=None, header_style="dim")
    for each in report.items:
        links = ", ".join(f"{link.kind.value} {link.article}" for link in each.repeats[:3])
        more = len(each.repeats) - 3
        table.add_row(
            Text(cut(each.file, 44)),
            f"{each.first_line}–{each.last_line}",
            each.outcome.value,
            str(each.article or "–"),
            links + (f" +{more}" if more > 0 else ""),
            str(each.story or "–"),
        )
    if report.items:
        out.print(table)
    for file, runs in groupby(report.dropped, key=lambda run: run.file):
        say(f"left out of {file}: lines {_lines(runs)}", "dim")
    for note in report.notes:
        say(f"note: {note.file}: {note.note}", "yellow")
    for rejection in report.rejected:
        say(f"rejected: {rejection.file}: {rejection.reason}", "red")
    say(_summary(report), "bold")


def _lines(runs: Iterable[DroppedRun]) -> str:
    """Return runs of lines as a reader names them: neighbours as one, whatever their reasons."""
    spans: list[tuple[int, int]] = []
    for run in runs:
        if spans and spans[-1][1] + 1 == run.first_line:
            spans[-1] = (spans[-1][0], run.last_line)
        else:
            spans.append((run.first_line, run.last_line))
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)


def _summary(report: Report) -> str:
    begun = f"Delivery {report.delivery}" if report.delivery else "Dry run, nothing was archived"
    text = (
        f"{begun}: {counted(report.drafts, 'draft', 'drafts')}, "
        f"{counted(report.articles_new, 'new article', 'new articles')} "
        f"({counted(report.duplicates, 'duplicate', 'duplicates')}), "
        f"{counted(report.sightings_new, 'new sighting', 'new sightings')}, "
        f"{counted(report.stories_new, 'new story', 'new stories')}, {len(report.rejected):,} rejected."
    )
    if report.dropped:
        text += " Why each line was left out: --json, or `newsfold split FILE`."
    if report.index is IndexState.BEHIND:
        return text + " The index is behind: `newsfold serve` catches up, `newsfold check` says more."
    return text


def print_results(results: Results) -> None:
    """Print one page of results."""
    say(
        f"{results.interpretation}: {counted(results.total, 'article', 'articles')}, "
        f"{results.total_originals:,} distinct, {counted(results.total_stories, 'story', 'stories')}",
        "dim",
    )
    for notice in results.notices:
        say(notice, "yellow")
    for hit in results.hits:
        folded = f"  (+{hit.folded})" if hit.folded else ""
        say(f"{hit.article.id:>6}  {cut(hit.article.title)}{folded}", "bold")
        about = [hit.article.source or "", _day(hit.article.published), f"story {hit.story.id}"]
        say("        " + " · ".join(part for part in about if part), "dim")
        for passage in hit.highlights.passages[:1]:
            out.print(_marked(passage))
    if results.has_next:
        say(f"There is more: add --page {results.page + 1}.", "dim")


def _marked(passage: str) -> Text:
    """Turn the engine's HTML into styled text."""
    text = Text("        ")
    for nth, part in enumerate(passage.replace("</mark>", "<mark>").split("<mark>")):
        unescaped = (
            part.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&#x27;", "'")
        )
        text.append(plain(unescaped.replace("&amp;", "&")), style="bold" if nth % 2 else "")
    return text


def _day(published: Published) -> str:
    if published.day:
        return published.day.isoformat()
    return f"not after {published.not_after}" if published.not_after else ""


def print_article(article: ArticleView) -> None:
    """Print an article with where it was seen and what was left out."""
    say(article.title, "bold")
    if article.deck and article.deck != article.title:
        say(article.deck, "italic")
    about = (
        article.byline,
        article.source,
        _day(article.published),
        f"{article.wordcount:,} words",
        article.language,
    )
    say(" · ".join(part for part in about if part), "dim")
    say()
    say(article.body_text)
    say()
    say(f"Story {article.story.id}: {article.story.headline}", "dim")
    for link in article.repeats:
        figures = f"Jaccard {link.jaccard:.2f}, containment {link.containment:.2f}"
        say(f"{link.kind.value} {link.article.id}: {cut(link.article.title)} ({figures})", "dim")
    for seen in article.sightings:
        say(f"Seen in delivery {seen.delivery}, {seen.file}, lines {seen.first_line}–{seen.last_line}", "dim")
    _print_dropped(article.dropped)


def _print_dropped(dropped: tuple[DroppedLine, ...]) -> None:
    for line in dropped:
        say(f"Left out, line {line.line}: {cut(line.text, 50)} ({line.rule})", "dim")


def print_story(story: StoryView) -> None:
    """Print a story with its timeline."""
    say(story.headline, "bold")
    days = f"{story.first_day} to {story.last_day}" if story.first_day else "no dated article"
    say(f"{counted(len(story.articles), 'article', 'articles')}, {days}", "dim")
    for day in story.timeline:
        say(f"{day.day}", "dim")
        for brief in day.articles:
            say(f"{brief.id:>6}  {cut(brief.title)}")
    if story.undated:
        say("undated", "dim")
    for brief in story.undated:
        say(f"{brief.id:>6}  {cut(brief.title)}")
    for related in story.related:
        say(f"related: story {related.id}, {cut(related.headline, 50)} ({', '.join(related.shared)})", "dim")


def print_agreement(agreement: Agreement) -> None:
    """Print how the index stands to the database."""
    if agreement.unavailable:
        say(agreement.unavailable, "red")
        return
    if agreement.holds:
        say(f"Database and index agree on {counted(agreement.articles, 'article', 'articles')}.", "green")
        return
    for what, articles in (
        ("missing", agreement.missing),
        ("out of date", agreement.stale),
        ("extra", agreement.extra),
    ):
        if articles:
            some = ", ".join(map(str, articles[:10])) + (", …" if len(articles) > 10 else "")
            say(f"{what} in the index: {counted(len(articles), 'article', 'articles')} ({some})", "red")
    if agreement.waiting:
        say(f"not indexed yet: {counted(agreement.waiting, 'change', 'changes')}", "yellow")
    say("`newsfold check --repair` mends it.")


def print_preview(reading: Reading) -> None:
    """Print how a file would be read: the articles, what decided, and every line that is no plain text."""
    say(f"{reading.encoding}, {counted(len(reading.drafts), 'article', 'articles')}", "bold")
    for notice in reading.notices:
        say(f"note: {notice}", "yellow")
    for draft in reading.drafts:
        say(
            f"lines {draft.first_line}–{draft.last_line}: {cut(draft.headline or draft.deck or draft.body_text)}"
        )
    say()
    for boundary in reading.boundaries:
        figures = ", ".join(f"{name} {value:.2f}" for name, value in boundary.figures.items())
        verdict = "begins an article" if boundary.cut else "goes on"
        say(f"line {boundary.line} {verdict}: {boundary.rule}" + (f" ({figures})" if figures else ""), "dim")
    say()
    told = (line for line in reading.lines if line.role in _SAID_ROLES)
    for _, lines in groupby(told, key=lambda line: line.number):
        for line in lines:
            style = "red" if line.role is Role.DROPPED else ""
            say(f"{line.number:>5}  {line.role.value:<9} {cut(line.text, 44):<44}  {line.rule}", style)
