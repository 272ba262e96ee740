"""What a new grouping changes in the one that is stored, under the ids that are there.

Law: ids outlive groupings. A group takes the id of the story it holds most of, each id is given once, and one that is
left over leads to where its articles went.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.article import ArticleId, StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What is left of ``story`` belongs into ``into``; its id lives on as an alias."""

    story: StoryId
    into: StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Some articles of ``story`` belong into ``into`` (which may have become part of ``story``, and gets its id back),
    or, where that is None, into one new story together."""

    story: StoryId
    articles: tuple[ArticleId, ...]
    into: StoryId | None


Change = Merge | Move


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is grouped: an article with its duplicates, or a story of ``size`` articles that stays whole (none are
    named)."""

    story: StoryId
    articles: tuple[ArticleId, ...]
    size: int


def divided(units: Sequence[Unit], groups: Sequence[Sequence[int]]) -> list[StoryId]:
    """Return the stories whose units are in more than one group (of places in ``units``)."""
    parts = _parts(units, groups)
    return sorted(story for story, number in parts.items() if number > 1)


def changes(
    units: Sequence[Unit],
    groups: Sequence[Sequence[int]],
    former: Mapping[ArticleId, Collection[StoryId]],
    origins: Mapping[StoryId, StoryId],
) -> tuple[Change, ...]:
    """Say what the groups (of places in ``units``) change.

    ``former`` are the articles of divided stories that came into theirs when another became part of it, with all such
    others; ``origins`` the stories that split from another, and that one. What split from a story that is undivided now
    counts for that one where both are together again. Of a story that is divided, what came into it with another counts
    last; a part for which no id is left takes that of such another, where it holds articles of it.
    """
    parts = _parts(units, groups)
    left = {story: origin for story, origin in origins.items() if parts[origin] == 1}
    its_own = {unit.story for unit in units if not former.keys() >= set(unit.articles) or not unit.articles}
    own: list[tuple[int, int, StoryId, int]] = []
    earlier: list[tuple[int, StoryId, int]] = []
    for group, places in enumerate(groups):
        inside = [units[place] for place in places]
        held: Counter[StoryId] = Counter()
        came: Counter[StoryId] = Counter()
        before: Counter[StoryId] = Counter()
        for unit in inside:
            held[unit.story] += unit.size
            if unit.story in its_own:  # else all that it has came with others, and stands for it
                came[unit.story] += sum(article in former for article in unit.articles)
            before.update(story for article in unit.articles for story in former.get(article, ()))
        for story, count in held.items():
            back = sum(each for part, each in held.items() if left.get(part) == story)
            own.append((came[story] - count - back, -count, story, group))
        earlier += [(-count, story, group) for story, count in before.items()]
    named: dict[int, StoryId] = {}
    given: set[StoryId] = set()
    ids = [each[-2:] for each in sorted(own)] + [each[-2:] for each in sorted(earlier)]
    for story, group in ids:
        if group not in named and story not in given:
            named[group] = story
            given.add(story)
    return _told(units, groups, named)


def _parts(units: Sequence[Unit], groups: Sequence[Sequence[int]]) -> Counter[StoryId]:
    return Counter(story for places in groups for story in {units[place].story for place in places})


def _told(
    units: Sequence[Unit], groups: Sequence[Sequence[int]], named: Mapping[int, StoryId]
) -> tuple[Change, ...]:
    taken: dict[StoryId, dict[int, list[Unit]]] = defaultdict(lambda: defaultdict(list))
    for group, places in enumerate(groups):
        for place in places:
            taken[units[place].story][group].append(units[place])
    standing = set(named.values())
    moves: list[Change] = []
    merges: list[Change] = []
    for story, parts in sorted(taken.items()):
        dissolved = story not in standing
        largest = max(parts, key=lambda group: (sum(unit.size for unit in parts[group]), -group))
        for group, members in sorted(parts.items()):
            into = named.get(group)
            if dissolved and group == largest and into is not None:
                merges.append(Merge(story=story, into=into))
            elif into != story:
                articles = sorted(article for unit in members for article in unit.articles)
                moves.append(Move(story=story, articles=tuple(articles), into=into))
    return (*moves, *merges)
