"""Families as people have ruled them: what the evidence gives, with every ruling in force carried out.

Law: a pure function of members, links and rulings. A ruling outweighs all evidence: what was ruled to repeat an
article goes where that one goes, two that were ruled apart are never in one family, and an original by ruling is the
original of whatever family it is in.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.article import ArticleId, RepeatKind
from app.domain.family import Families, Link, Member, families


class RulingKind(StrEnum):
    """``APART``: the article does not repeat the other. ``REPEATS``: it is a duplicate of the other. ``ORIGINAL``:
    it is the original of its family."""

    APART = "apart"
    REPEATS = "repeats"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One ruling in force. ``other`` is None for ``ORIGINAL``. ``decision`` numbers them: the later one wins."""

    kind: RulingKind
    article: ArticleId
    other: ArticleId | None
    decision: int

    @property
    def sides(self) -> frozenset[ArticleId]:
        """The articles it names."""
        return frozenset({self.article} if self.other is None else {self.article, self.other})


def ruled_families(
    members: Collection[Member], links: Collection[Link], rulings: Collection[Ruling]
) -> Families:
    """Return the families of a component, as `families` derives them and people ruled them.

    Rulings about articles that are no members are left out: these are not in the archive, or not in sight.
    """
    known = {member.article for member in members}
    held = [each for each in sorted(rulings, key=lambda each: each.decision) if _within(each, known)]
    if not held:
        return families(members, links)
    roots = roots_of(held)
    free = [member for member in members if member.article not in roots]
    found = _held_apart(free, _contracted(links, roots), _apart(held, roots))
    own = families(free, links)  # links to articles that are no members are ignored
    originals, heads = dict(found.originals), dict(found.heads)
    for article, root in roots.items():
        originals[article] = _family(found, root)
        heads[article] = found.heads[root]
    # What others were ruled to repeat keeps the original it has without them, unless another was ruled to be it.
    crowned = [_family(own, root) for root in roots.values()]
    crowned += [each.article for each in held if each.kind is RulingKind.ORIGINAL]
    return replace(found, originals=_recrowned(originals, crowned), heads=heads)


def roots_of(rulings: Iterable[Ruling]) -> dict[ArticleId, ArticleId]:
    """Return for every article that was ruled to repeat another the one at the end: what it repeats by ruling may
    have been ruled to repeat a third. Of two rulings about one article the later counts, and of several that go in a
    circle (texts that were out of sight, or away, can come back to rulings made without them) all but the earliest."""
    bound: dict[ArticleId, ArticleId] = {}
    for each in sorted(rulings, key=lambda each: each.decision, reverse=True):
        if each.kind is not RulingKind.REPEATS or each.other is None or each.article in bound:
            continue
        if _end(each.other, bound) != each.article:
            bound[each.article] = each.other
    return {article: _end(article, bound) for article in bound}


def _end(article: ArticleId, bound: Mapping[ArticleId, ArticleId]) -> ArticleId:
    while article in bound:
        article = bound[article]
    return article


def _within(ruling: Ruling, known: Collection[ArticleId]) -> bool:
    return ruling.article in known and (ruling.other is None or ruling.other in known)


def _family(found: Families, article: ArticleId) -> ArticleId:
    return found.originals[article] or article


def _contracted(links: Iterable[Link], roots: Mapping[ArticleId, ArticleId]) -> list[Link]:
    """Let the copies and parts of an article that was ruled to repeat another be copies and parts of that one, so
    that they come along. What else it is linked to says nothing about the other."""
    kept = []
    for link in links:
        here, there = roots.get(link.article, link.article), roots.get(link.other, link.other)
        if (here, there) == (link.article, link.other):
            kept.append(link)
        elif here != there and _comes_along(link, roots):
            kept.append(replace(link, article=here, other=there, extent=None))
    return kept


def _comes_along(link: Link, roots: Mapping[ArticleId, ArticleId]) -> bool:
    match link.kind:
        case RepeatKind.COPY:
            return True
        case RepeatKind.PART:
            return link.article not in roots
        case RepeatKind.CONTAINS:
            return link.other not in roots
        case RepeatKind.SHARES:
            return False


def _apart(
    rulings: Iterable[Ruling], roots: Mapping[ArticleId, ArticleId]
) -> list[tuple[ArticleId, ArticleId]]:
    pairs = (
        (roots.get(each.article, each.article), roots.get(each.other, each.other))
        for each in rulings
        if each.kind is RulingKind.APART and each.other
    )
    return [(one, other) for one, other in pairs if one != other]


def _held_apart(
    members: Collection[Member], links: list[Link], pairs: Sequence[tuple[ArticleId, ArticleId]]
) -> Families:
    """Return the families of ``links``, without as many of these as keep one of these pairs in one family."""
    found = families(members, links)
    while joined := next(
        (pair for pair in pairs if _family(found, pair[0]) == _family(found, pair[1])), None
    ):
        parted = _parted(members, links, *joined)
        # Where that takes nothing away they are joined through others that are in neither family alone.
        links = parted if len(parted) < len(links) else _cut(links, *joined)
        found = families(members, links)
    return found


def _cut(links: Collection[Link], one: ArticleId, other: ArticleId) -> list[Link]:
    """Return the links without those of ``one`` by which it hangs together with ``other``, through whatever others."""
    beside: dict[ArticleId, set[ArticleId]] = defaultdict(set)
    for link in links:
        if one not in (link.article, link.other):
            beside[link.article].add(link.other)
            beside[link.other].add(link.article)
    there, ahead = {other}, {other}
    while ahead:
        ahead = set().union(*(beside[each] for each in ahead)) - there
        there |= ahead
    return [
        link
        for link in links
        if not (one in (link.article, link.other) and {link.article, link.other} & there)
    ]


def _parted(
    members: Collection[Member], links: Sequence[Link], one: ArticleId, other: ArticleId
) -> list[Link]:
    """Return the links without those that join ``one`` to the family that ``other`` is in when ``one`` is not there.
    What repeats ``one`` alone stays with it."""
    without = families([member for member in members if member.article != one], links)
    there = _family(without, other)
    family = {article for article in without.originals if _family(without, article) == there}
    return [
        link
        for link in links
        if not (
            (link.article == one and link.other in family) or (link.other == one and link.article in family)
        )
    ]


def _recrowned(
    originals: Mapping[ArticleId, ArticleId | None], crowned: Iterable[ArticleId]
) -> dict[ArticleId, ArticleId | None]:
    """Return families with these originals; of two in one family the later one."""
    heads = {originals[article] or article: article for article in crowned}
    found: dict[ArticleId, ArticleId | None] = {}
    for article, original in originals.items():
        head = heads.get(original or article, original or article)
        found[article] = None if head == article else head
    return found
