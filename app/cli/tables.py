"""What the commands print for people: results, articles, stories, previews."""

from itertools import groupby

from rich.text import Text

from app.cli.terminal import out, plain, say
from app.domain.article import DroppedLine, Published
from app.domain.attention import Attention
from app.domain.decision import Decision
from app.domain.furniture import FurnitureReport
from app.domain.query import Results
from app.domain.views import ArticleView, DoubtfulView, Listing, StoryView
from app.indexing import Agreement
from app.ingest.regroup import Regrouped
from app.intake import Line, Reading, Role

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
_BAR = 40  # of the longest bar
_ROOM_FOR_RULES = 80  # columns; with fewer, the rule of a line stands below it


def one_line(text: str) -> str:
    """Return a text on one line, as a terminal can be given it."""
    return " ".join(plain(text).split())


def cut(text: str, width: int = _WIDTH) -> str:
    """Return the beginning of ``text`` on one line."""
    folded = one_line(text)
    return folded if len(folded) <= width else folded[: width - 1].rstrip() + "…"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def told(made: Decision) -> str:
    """Return a decision in a line: its number, when, what, who and why."""
    standing = "" if made.in_force else " (holds no more)"
    said = f"{made.sentence}. {made.who}: {made.why}{standing}"
    return f"{made.id}  {made.made:%Y-%m-%d %H:%M}  {one_line(said)}"


def print_results(results: Results) -> None:
    """Print one page of results."""
    say(
        f"{results.interpretation}: {counted(results.total, 'article', 'articles')}, "
        f"{results.total_originals:,} distinct, {counted(results.total_stories, 'story', 'stories')}",
        "dim",
    )
    for notice in results.notices:
        say(notice, "yellow")
    if results.better_spelt:
        say(f"Did you mean {results.better_spelt}?", "yellow")
    for hit in results.hits:
        folded = f"  (+{hit.folded})" if hit.folded else ""
        say(f"{hit.article.id:>6}  {cut(hit.article.title)}{folded}", "bold")
        about = [hit.article.source or "", _day(hit.article.published), f"story {hit.story.id}"]
        say("        " + " · ".join(part for part in about if part), "dim")
        for passage in hit.highlights.passages[:1]:
            out.print(_marked(passage))
        for reason in hit.reasons or ():
            places = f"{reason.in_title} in the title, {reason.in_body} in the text, in {reason.articles:,} articles"
            say(f"        {reason.score:7.2f}  {reason.asked} ({places})", "dim")
    for view in results.facets:
        told = [f"{each.value} {each.count:,}" for each in view.values] or ["nothing"]
        say(f"{view.facet}: {', '.join(told)}" + (f", {view.more:,} more" if view.more else ""), "dim")
    if results.has_next:
        say(f"There is more: add --page {results.page + 1}.", "dim")


def print_attention(found: Attention) -> None:
    """Print what matches over time: a line with a bar for each period."""
    undated = f", {found.undated:,} without a day" if found.undated else ""
    say(f"{found.interpretation}: {counted(found.total, 'article', 'articles')}{undated}", "dim")
    for notice in found.notices:
        say(notice, "yellow")
    most = max((period.articles for period in found.periods), default=0)
    for period in found.periods:
        bar = "█" * -(-_BAR * period.articles // most)
        say(f"{period.first}  {period.articles:>7,} of {period.of:>9,}  {bar}")


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
    _print_standing(article)
    say()
    say(article.body_text)
    say()
    say(f"Story {article.story.id}: {article.story.headline}", "dim")
    for link in article.repeats:
        figures = f"Jaccard {link.jaccard:.2f}, containment {link.containment:.2f}"
        say(f"{link.kind.value} {link.article.id}: {cut(link.article.title)} ({figures}; {link.rule})", "dim")
        if link.original_because:
            say(f"    {link.original_because.said_of(article.original_of_two)}", "dim")
    for seen in article.sightings:
        source = f" at {seen.source}" if seen.source else ""
        lines = f"lines {seen.first_line}–{seen.last_line}"
        say(f"Seen{source} in delivery {seen.delivery}, {seen.file}, {lines}", "dim")
    _print_dropped(article.dropped)
    for line in article.furniture:
        printed = f"in {counted(line.articles, 'article', 'articles')} of its source" if line.articles else ""
        say(f"Furniture, line {line.line} of the text: {printed or 'when last learnt'}", "dim")


def _print_standing(article: ArticleView) -> None:
    """Print where an article stands in its family, who carried that, and that people decided about it."""
    if article.duplicate_of:
        why = (
            f", which is kept as the original: {article.original_because.sentence}"
            if article.original_because
            else ""
        )
        say(f"This text repeats article {article.duplicate_of.id}, {cut(article.duplicate_of.title)}{why}.")
    if article.carried:
        whose = "The original was carried" if article.duplicate_of else "Carried"
        say(f"{whose} by {article.carried:,}.", "dim")
    if article.decisions:
        number = counted(article.decisions, "decision of a person is", "decisions of people are")
        say(f"{number} in force here: newsfold decisions --article {article.id}", "dim")


def _print_dropped(dropped: tuple[DroppedLine, ...]) -> None:
    for line in dropped:
        say(f"Left out, line {line.line}: {cut(line.text, 50)} ({line.rule})", "dim")


def print_doubtful(listing: Listing[DoubtfulView]) -> None:
    """Print links, each with what made it and how to look at it."""
    for link in listing.rows:
        say(
            f"{link.doubt:.2f}  {link.article.id} {link.kind.value} {link.other.id}: {cut(link.article.title)}",
            "bold",
        )
        say(f"      {link.rule}", "dim")
        say(f"      newsfold compare {link.article.id} {link.other.id}", "dim")
    say(
        f"{len(listing.rows):,} of {counted(listing.total, 'link that folds', 'links that fold')} one article."
    )


def print_furniture(report: FurnitureReport, *, rehearsed: bool) -> None:
    """Print what is furniture of which source."""
    for learnt in report.sources:
        say(learnt.source, "bold")
        for each in learnt.furniture:
            say(f"{each.articles:>6}  {cut(each.text)}")
    lines = sum(len(learnt.furniture) for learnt in report.sources)
    if not lines and not report.articles_changed:
        say("No source prints a line in one article after the other.")
        return
    other = "would be" if rehearsed else "are"
    say(
        f"{counted(lines, 'line', 'lines')} of {counted(len(report.sources), 'source', 'sources')}; other lines than "
        f"before {other} left out of {counted(report.articles_changed, 'article', 'articles')}."
    )


def print_regrouped(report: Regrouped) -> None:
    """Print what grouping stories anew did."""
    moved = counted(report.moved, "article is", "articles are")
    say(f"{counted(report.articles, 'article', 'articles')} weighed anew; {moved} in another story now.")


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
            say(_preview_line(line), style)


def _preview_line(line: Line) -> str:
    begun = f"{line.number:>5}  {line.role.value:<9} "
    if out.width < _ROOM_FOR_RULES:
        return f"{begun}{cut(line.text, out.width - len(begun))}\n       {line.rule}"
    return f"{begun}{cut(line.text, 44):<44}  {line.rule}"
