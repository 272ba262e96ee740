"""Which article is the original of which: families, derived from the links of a connected component.

Law: a pure function of members and links, whatever their order; which articles are one family does not depend on
when they were received either, only which of them is named the original. An original has no original of its own, so
there are no chains and no cycles; where the evidence is not enough, an article stays its own original.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from operator import itemgetter

from app.domain.article import ArticleId, RepeatKind

# A chain of links (a copy of a copy, a part of a copy) is believed as long as at most this share of an
# article's words may be missing from the original at its end; a direct link is always believed.
CHAIN_SLACK = 0.25

# Two articles inside a third repeat each other when one holds the other, or they share this much of the
# shorter; less is a quotation or a boilerplate paragraph, and the third is still a digest of both.
SAME_TEXT = 0.2

_FAR_FUTURE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One article of a component: when it was published (aware), its place in the order of arrival, its length in
    words, and its digest, which tells it from every other whatever their ids."""

    article: ArticleId
    published: datetime | None
    received: int
    words: int
    digest: str

    @property
    def seniority(self) -> tuple[datetime, int, int, int]:
        """Smaller is more senior: first published, else first received, else longest."""
        return self.published or _FAR_FUTURE, self.received, -self.words, self.article


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of a component, as `compare` found it; ``kind`` is how ``article`` repeats ``other``.

    ``extent`` is where a part stands in the text that contains it, in words (see `Likeness`).
    """

    article: ArticleId
    other: ArticleId
    kind: RepeatKind
    containment: float
    jaccard: float
    extent: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Families:
    """``originals`` names the original of every article (None for an original).

    ``heads`` names for every article the most senior of the copies it is gathered with that repeats them all (itself,
    where it is that): its original, unless these copies together are part of a longer text. Fingerprints are stored
    once per head.

    ``unsettled`` are pairs that nobody has compared, and that only a chain of links joins which is too weak to be
    believed: comparing the two, and adding what is found as a link, settles them.
    """

    originals: Mapping[ArticleId, ArticleId | None]
    heads: Mapping[ArticleId, ArticleId]
    unsettled: tuple[tuple[ArticleId, ArticleId], ...]


def families(members: Collection[Member], links: Collection[Link]) -> Families:
    """Return the families of a component.

    Copies gather around the first published article they are linked to, else the one with most copies. A family
    whose original is part of a longer text joins that text's family, unless the text is a digest (it holds articles
    that do not repeat each other) or several such texts do not belong together. Takes time in proportion to the
    links, but for a logarithm. Links to articles that are no members are ignored.
    """
    component = _Component(members, links)
    digests = _digests(component)
    groups = _gathered(component, digests)
    joined = _joined(component, groups, {groups.centre[article] for article in digests})
    heads = _heads(component, groups, joined)
    found: dict[ArticleId, ArticleId | None] = {}
    for article, centre in groups.centre.items():
        original = heads[joined.original[centre]]
        found[article] = None if original == article else original
    # Two parts of one text that went different ways: as long as both were duplicates of it, nobody compared them.
    apart = {(a, b) for a, b in component.overlaps if (found[a] or a) != (found[b] or b)}
    unsettled = (groups.doubts | joined.doubts | apart) - component.compared
    named = {article: heads[centre] for article, centre in groups.centre.items()}
    return Families(originals=found, heads=named, unsettled=tuple(sorted(unsettled)))


class _Component:
    """Members by seniority and by rank (which is blind to arrival), and links as edges; a loss is how many words of
    the one the other may lack."""

    def __init__(self, members: Collection[Member], links: Collection[Link]) -> None:
        self.seniors = [member.article for member in sorted(members, key=lambda member: member.seniority)]
        self.words = {member.article: member.words for member in members}
        self.copies: dict[ArticleId, list[tuple[ArticleId, float]]] = defaultdict(list)  # other, its loss
        self.parts: dict[tuple[ArticleId, ArticleId], float] = {}  # (part, whole), loss of the part
        self.compared: set[tuple[ArticleId, ArticleId]] = set()
        self.beside: dict[ArticleId, set[ArticleId]] = defaultdict(set)  # what repeats the article
        self.unlike: dict[ArticleId, set[ArticleId]] = defaultdict(set)  # compared with it, and no copies
        self._extents: dict[ArticleId, list[tuple[int, int, ArticleId]]] = defaultdict(list)
        for link in links:
            if link.article != link.other and self.words.keys() >= {link.article, link.other}:
                self._add(link)
        self.rank = {member.article: place for place, member in enumerate(sorted(members, key=self._ranked))}
        self.overlaps = list(_overlapping(self._extents, self.rank))
        for a, b in self.overlaps:
            self._put_beside(a, b)

    def most_lost(self, article: ArticleId) -> float:
        """How many words of an article may be lost along a chain that is believed."""
        return CHAIN_SLACK * self.words[article]

    def _ranked(self, member: Member) -> tuple[datetime, int, int, str, ArticleId]:
        """First published, else most copies, else longest."""
        copies = len(self.copies[member.article])
        return (member.published or _FAR_FUTURE, -copies, -member.words, member.digest, member.article)

    def _add(self, link: Link) -> None:
        a, b = link.article, link.other
        self.compared |= {(a, b), (b, a)}
        if link.kind is not RepeatKind.COPY:
            self.unlike[a].add(b)
            self.unlike[b].add(a)
        if link.kind is not RepeatKind.SHARES or link.containment >= SAME_TEXT:
            self._put_beside(a, b)
        match link.kind:
            case RepeatKind.COPY:
                shared = link.jaccard / (1 + link.jaccard) * (self.words[a] + self.words[b])
                self.copies[a].append((b, max(0.0, self.words[b] - shared)))
                self.copies[b].append((a, max(0.0, self.words[a] - shared)))
            case RepeatKind.PART:
                self._add_part(a, b, link)
            case RepeatKind.CONTAINS:
                self._add_part(b, a, link)
            case RepeatKind.SHARES:
                pass

    def _put_beside(self, a: ArticleId, b: ArticleId) -> None:
        self.beside[a].add(b)
        self.beside[b].add(a)

    def _add_part(self, part: ArticleId, whole: ArticleId, link: Link) -> None:
        self.parts[part, whole] = (1 - link.containment) * self.words[part]
        if link.extent is not None:
            self._extents[whole].append((*link.extent, part))


@dataclass(slots=True)
class _Groups:
    """Copies gathered around their centres: the centre of every article, and what that may lack of its words."""

    centre: dict[ArticleId, ArticleId] = field(default_factory=dict)
    loss: dict[ArticleId, float] = field(default_factory=dict)
    doubts: set[tuple[ArticleId, ArticleId]] = field(default_factory=set)


@dataclass(slots=True)
class _Joined:
    """The original of every centre, after parts have joined what holds them; it is named after its group's centre."""

    original: dict[ArticleId, ArticleId] = field(default_factory=dict)
    lost: dict[ArticleId, float] = field(
        default_factory=dict
    )  # words of the centre that its original may lack
    doubts: set[tuple[ArticleId, ArticleId]] = field(default_factory=set)


def _gathered(component: _Component, digests: Mapping[ArticleId, list[set[ArticleId]]]) -> _Groups:
    """Gather copies around centres, in order of rank: each takes what it reaches and nobody has taken.

    Losses add up along a chain (a sound bound, as in a metric), so a chain of slowly drifting copies does
    not end in one family with texts that have little in common. A digest gathers only with what repeats
    everything it holds: most of it may be one article, and then that article, changed, looks like a near copy of it.
    """

    def repeats_all_of(digest: ArticleId, other: ArticleId) -> bool:
        return all(not text.isdisjoint(component.beside[other]) for text in digests.get(digest, ()))

    groups = _Groups()
    for centre in component.rank:
        reached: list[tuple[float, int, ArticleId]] = [] if centre in groups.centre else [(0.0, 0, centre)]
        while reached:
            loss, _, article = heapq.heappop(reached)
            if article in groups.centre:
                continue
            groups.centre[article], groups.loss[article] = centre, loss
            for other, lacking in component.copies[article]:
                if not (repeats_all_of(article, other) and repeats_all_of(other, article)):
                    continue
                if other in groups.centre:
                    # Its copy went to a centre of higher rank, with which it may never have been compared.
                    groups.doubts.add((article, groups.centre[other]))
                elif article == centre or loss + lacking <= component.most_lost(other):
                    # What was compared with the centre and found to be no copy stays out, chain or no chain.
                    if article == centre or other not in component.unlike[centre]:
                        heapq.heappush(reached, (loss + lacking, component.rank[other], other))
                else:
                    groups.doubts.add((other, centre))
    groups.doubts = {(other, centre) for other, centre in groups.doubts if groups.centre[other] != centre}
    return groups


def _heads(component: _Component, groups: _Groups, joined: _Joined) -> dict[ArticleId, ArticleId]:
    """Return the head of every centre: the most senior of its group that is sure to repeat the others, and to hold
    what has joined them."""
    gathered: dict[ArticleId, list[ArticleId]] = defaultdict(list)
    for article in component.seniors:
        gathered[groups.centre[article]].append(article)
    held: dict[ArticleId, list[ArticleId]] = defaultdict(list)
    for centre, end in joined.original.items():
        held[end] += [centre] if centre != end else []
    heads = {}
    for centre, group in gathered.items():
        lost = [(each, groups.loss[each]) for each in group] + [
            (each, joined.lost[each]) for each in held[centre]
        ]
        # How many words more each may lack, the most wanting first.
        slack = dict(
            sorted(((each, component.most_lost(each) - loss) for each, loss in lost), key=itemgetter(1))
        )
        heads[centre] = next(
            each for each in group if each == centre or _leads(component, each, centre, slack)
        )
    return heads


def _leads(
    component: _Component, article: ArticleId, centre: ArticleId, slack: Mapping[ArticleId, float]
) -> bool:
    """Whether an article can stand for all in ``slack``: none holds it, and each repeats it, or so little can have been
    lost by way of the centre that it must."""
    lacking = dict(component.copies[article])
    against = component.unlike[article] & slack.keys()
    if centre not in lacking or any((article, each) in component.parts for each in against):
        return False
    if not against <= component.beside[article]:
        return False
    near = component.beside[article] | {article}
    by_way = next((left for each, left in slack.items() if each not in near), lacking[centre])
    return lacking[centre] <= by_way


def _digests(component: _Component) -> dict[ArticleId, list[set[ArticleId]]]:
    """Return the articles that hold two or more articles which do not repeat each other, with what they hold.

    What is held comes in sets that hang together. What holds a digest is a digest as well. Found from the shortest
    to the longest, so that a digest inside another text never makes its own parts look like one text.
    """
    contents: dict[ArticleId, set[ArticleId]] = defaultdict(set)
    for part, whole in component.parts:
        contents[whole].add(part)
    digests: dict[ArticleId, list[set[ArticleId]]] = {}
    for whole in sorted(contents, key=lambda article: (component.words[article], component.rank[article])):
        held = contents[whole]
        texts = list(_texts(held, component.beside))
        if len(texts) > 1 or held & digests.keys():
            digests[whole] = texts
    return digests


def _overlapping(
    extents: Mapping[ArticleId, list[tuple[int, int, ArticleId]]], rank: Mapping[ArticleId, int]
) -> Iterator[tuple[ArticleId, ArticleId]]:
    """Yield pairs of parts that stand in the same words of a text, and so repeat each other.

    Only what reaches furthest so far is looked at, which finds every chain of overlaps in one pass.
    """
    for placed in extents.values():
        first, reach, furthest = 0, 0, None
        for start, end, part in sorted(placed, key=lambda each: (each[0], each[1], rank[each[2]])):
            shorter = min(end - start, reach - first)
            if furthest is not None and min(end, reach) - start >= SAME_TEXT * shorter:
                yield furthest, part
            if end > reach:
                first, reach, furthest = start, end, part


def _texts(held: set[ArticleId], beside: Mapping[ArticleId, set[ArticleId]]) -> Iterator[set[ArticleId]]:
    """Yield the sets of articles in ``held`` that hang together by links among themselves."""
    unseen = set(held)
    while unseen:
        waiting = [unseen.pop()]
        text = set(waiting)
        while waiting:
            found = unseen & beside[waiting.pop()]  # a set intersection walks the smaller of the two
            unseen -= found
            text |= found
            waiting.extend(found)
        yield text


def _joined(component: _Component, groups: _Groups, digests: set[ArticleId]) -> _Joined:
    """Let each group, the longest centre first, join the one other that holds its centre."""
    wholes: dict[ArticleId, dict[ArticleId, float]] = defaultdict(dict)
    for centre, whole, loss in _held(component, groups):
        if whole not in digests:
            wholes[centre][whole] = min(loss, wholes[centre].get(whole, loss))
    joined = _Joined()
    centres = set(groups.centre.values())
    for centre in sorted(centres, key=lambda each: (-component.words[each], component.rank[each])):
        joined.original[centre], joined.lost[centre] = centre, 0.0
        ends: dict[ArticleId, float] = {}
        for whole, loss in wholes[centre].items():
            # A longer one has been settled before; equally long ones cannot hold each other.
            if component.words[whole] > component.words[centre]:
                end = joined.original[whole]
                ends[end] = min(loss + joined.lost[whole], ends.get(end, inf))
        if len(ends) != 1:
            continue
        end, loss = ends.popitem()
        if loss <= component.most_lost(centre) or (centre, end) in component.parts:
            joined.original[centre], joined.lost[centre] = end, loss
        else:
            joined.doubts.add((centre, end))
    return joined


def _held(component: _Component, groups: _Groups) -> Iterator[tuple[ArticleId, ArticleId, float]]:
    """Yield (centre, other centre, loss) wherever an article of one group is part of an article of another."""
    for (part, whole), loss in component.parts.items():
        centre, other = groups.centre[part], groups.centre[whole]
        if centre == other:
            continue
        # What the copy may lack of its centre: all that the centre has beyond the words they surely share.
        unlike = max(0.0, component.words[centre] - (component.words[part] - groups.loss[part]))
        yield centre, other, unlike + loss + groups.loss[whole]
