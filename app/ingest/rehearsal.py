"""What a dry run tells of articles that would be new: their drafts, for the roll-back takes their ids away."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.article import ArticleId, StoryId
from app.domain.delivery import DraftPlace, ItemReport, Repeat, RunRepeat

Firsts = Mapping[ArticleId, ItemReport]


def rehearsed(
    items: Sequence[ItemReport], newest_article: ArticleId | None, newest_story: StoryId | None
) -> list[ItemReport]:
    """Return the items without the ids above the newest that there were before. What led to such an article leads to
    the first draft of its text instead."""
    firsts: dict[ArticleId, ItemReport] = {}
    for each in items:
        if each.article and each.article > (newest_article or 0):
            firsts.setdefault(each.article, each)
    return [_rehearsed(each, firsts, newest_story or StoryId(0)) for each in items]


def _rehearsed(each: ItemReport, firsts: Firsts, newest_story: StoryId) -> ItemReport:
    same = firsts.get(each.article) if each.article else None
    original = firsts.get(each.duplicate_of) if each.duplicate_of else None
    return replace(
        each,
        article=None if same else each.article,
        duplicate_of=None if original else each.duplicate_of,
        repeats=tuple(link for link in each.repeats if link.article not in firsts),
        story=each.story if each.story and each.story <= newest_story else None,
        seen_in_run=_place(same) if same and same is not each else None,
        duplicate_of_in_run=_place(original) if original else None,
        repeats_in_run=tuple(_in_run(link, firsts) for link in each.repeats if link.article in firsts),
    )


def _place(each: ItemReport) -> DraftPlace:
    return DraftPlace(file=each.file, first_line=each.first_line, last_line=each.last_line)


def _in_run(link: Repeat, firsts: Firsts) -> RunRepeat:
    return RunRepeat(
        draft=_place(firsts[link.article]),
        kind=link.kind,
        jaccard=link.jaccard,
        containment=link.containment,
    )
