"""Which article is the original of which: families, derived from the links of a connected component.

Law: a pure function of members and links, whatever their order. An original has no original of its own, so
there are no chains and no cycles; where the evidence is not enough, an article stays its own original.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

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
    """One article of a component: when it was published (aware) and its place in the order of arrival."""

    article: ArticleId
    published: datetime | None
    received: int
    words: int

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

    ``heads`` names for every article the most senior of the copies it is gathered with (itself, where it is that):
    its original, unless these copies together are part of a longer text. Fingerprints are stored once per head.

    ``unsettled`` are pairs that nobody has compared, and that only a chain of links joins which is too weak to be
    believed: comparing the two, and adding what is found as a link, settles them.
    """

    originals: Mapping[ArticleId, ArticleId | None]
    heads: Mapping[ArticleId, ArticleId]
    unsettled: tuple[tuple[ArticleId, ArticleId], ...]


def families(members: Collection[Member], links: Collection[Link]) -> Families:
    """Return the families of a component.

    Copies gather around the most senior article they are linked to. A family whose original is part of a
    longer text joins that text's family, unless the text is a digest (it holds articles that do not repeat
    each other) or several such texts do not belong together. Takes time in proportion to the links, but for
    a logarithm. Links to articles that are no members are ignored.
    """
    component = _Component(members, links)
    digests = _digests(component)
    groups = _gathered(component, digests)
    joined = _joined(component, groups, {groups.head[article] for article in digests})
    found: dict[ArticleId, ArticleId | None] = {}
    for article, head in groups.head.items():
        original = joined.original[head]
        found[article] = None if original == article else original
    # Two parts of one text that went different ways: as long as both were duplicates of it, nobody compared them.
    apart = {(a, b) for a, b in component.overlaps if (found[a] or a) != (found[b] or b)}
    unsettled = (groups.doubts | joined.doubts | apart) - component.compared
    return Families(originals=found, heads=groups.head, unsettled=tuple(sorted(unsettled)))


class _Component:
    """Members by seniority, and links as edges; a loss is how many words of the one the other may lack."""

    def __init__(self, members: Collection[Member], links: Collection[Link]) -> None:
        ordered = sorted(members, key=lambda member: member.seniority)
        self.seniors = [member.article for member in ordered]
        self.words = {member.article: member.words for member in ordered}
        self.copies: dict[ArticleId, list[tuple[ArticleId, float]]] = defaultdict(list)  # other, its loss
        self.parts: dict[tuple[ArticleId, ArticleId], float] = {}  # (part, whole), loss of the part
        self.compared: set[tuple[ArticleId, ArticleId]] = set()
        self.beside: dict[ArticleId, set[ArticleId]] = defaultdict(set)  # what repeats the article
        self._extents: dict[ArticleId, list[tuple[int, int, ArticleId]]] = defaultdict(list)
        for link in links:
            if link.article != link.other and self.words.keys() >= {link.article, link.other}:
                self._add(link)
        self.overlaps = list(_overlapping(self._extents))
        for a, b in self.overlaps:
            self._put_beside(a, b)

    def _add(self, link: Link) -> None:
        a, b = link.article, link.other
        self.compared |= {(a, b), (b, a)}
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
    """Copies gathered around their heads: the head of every article, and what that may lack of its words."""

    head: dict[ArticleId, ArticleId] = field(default_factory=dict)
    loss: dict[ArticleId, float] = field(default_factory=dict)
    doubts: set[tuple[ArticleId, ArticleId]] = field(default_factory=set)


@dataclass(slots=True)
class _Joined:
    """The original of every head, after parts have joined what holds them."""

    original: dict[ArticleId, ArticleId] = field(default_factory=dict)
    doubts: set[tuple[ArticleId, ArticleId]] = field(default_factory=set)


def _gathered(component: _Component, digests: Mapping[ArticleId, list[set[ArticleId]]]) -> _Groups:
    """Gather copies around heads, the most senior first: each takes what it reaches and nobody has taken.

    Losses add up along a chain (a sound bound, as in a metric), so a chain of slowly drifting copies does
    not end under an original with which it has little in common. A digest gathers only with what repeats
    everything it holds: most of it may be one article, and then that article, changed, looks like a near copy of it.
    """

    def repeats_all_of(digest: ArticleId, other: ArticleId) -> bool:
        return all(not text.isdisjoint(component.beside[other]) for text in digests.get(digest, ()))

    groups = _Groups()
    for senior in component.seniors:
        reached: list[tuple[float, ArticleId]] = [] if senior in groups.head else [(0.0, senior)]
        while reached:
            loss, article = heapq.heappop(reached)
            if article in groups.head:
                continue
            groups.head[article], groups.loss[article] = senior, loss
            for other, lacking in component.copies[article]:
                if not (repeats_all_of(article, other) and repeats_all_of(other, article)):
                    continue
                if other in groups.head:
                    # Its copy went to a more senior head, with which it may never have been compared.
                    groups.doubts.add((article, groups.head[other]))
                elif article == senior or loss + lacking <= CHAIN_SLACK * component.words[other]:
                    # What was compared with the head and found to be no copy stays out, chain or no chain.
                    if article == senior or (other, senior) not in component.compared:
                        heapq.heappush(reached, (loss + lacking, other))
                else:
                    groups.doubts.add((other, senior))
    groups.doubts = {(other, head) for other, head in groups.doubts if groups.head[other] != head}
    return groups


def _digests(component: _Component) -> dict[ArticleId, list[set[ArticleId]]]:
    """Return the articles that hold two or more articles which do not repeat each other, with what they hold.

    What is held comes in sets that hang together. What holds a digest is a digest as well. Found from the shortest
    to the longest, so that a digest inside another text never makes its own parts look like one text.
    """
    contents: dict[ArticleId, set[ArticleId]] = defaultdict(set)
    for part, whole in component.parts:
        contents[whole].add(part)
    digests: dict[ArticleId, list[set[ArticleId]]] = {}
    for whole in sorted(contents, key=lambda article: (component.words[article], article)):
        held = contents[whole]
        texts = list(_texts(held, component.beside))
        if len(texts) > 1 or held & digests.keys():
            digests[whole] = texts
    return digests


def _overlapping(
    extents: Mapping[ArticleId, list[tuple[int, int, ArticleId]]],
) -> Iterator[tuple[ArticleId, ArticleId]]:
    """Yield pairs of parts that stand in the same words of a text, and so repeat each other.

    Only what reaches furthest so far is looked at, which finds every chain of overlaps in one pass.
    """
    for placed in extents.values():
        first, reach, furthest = 0, 0, None
        for start, end, part in sorted(placed):
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
    """Let each group, the longest first, join the one original that holds its head."""
    wholes: dict[ArticleId, dict[ArticleId, float]] = defaultdict(dict)
    for head, whole, loss in _held(component, groups):
        if whole not in digests:
            wholes[head][whole] = min(loss, wholes[head].get(whole, loss))
    joined = _Joined()
    lost: dict[ArticleId, float] = {}
    for head in sorted(set(groups.head.values()), key=lambda head: (-component.words[head], head)):
        joined.original[head], lost[head] = head, 0.0
        ends: dict[ArticleId, float] = {}
        for whole, loss in wholes[head].items():
            # A longer head has been settled before; equally long ones cannot hold each other.
            if component.words[whole] > component.words[head]:
                end = joined.original[whole]
                ends[end] = min(loss + lost[whole], ends.get(end, loss + lost[whole]))
        if len(ends) != 1:
            continue
        end, loss = ends.popitem()
        if loss <= CHAIN_SLACK * component.words[head] or (head, end) in component.parts:
            joined.original[head], lost[head] = end, loss
        else:
            joined.doubts.add((head, end))
    return joined


def _held(component: _Component, groups: _Groups) -> Iterator[tuple[ArticleId, ArticleId, float]]:
    """Yield (head, other head, loss) wherever an article of one group is part of an article of another."""
    for (part, whole), loss in component.parts.items():
        head, other = groups.head[part], groups.head[whole]
        if head == other:
            continue
        # What the copy may lack of its head: all that the head has beyond the words they surely share.
        unlike = max(0.0, component.words[head] - (component.words[part] - groups.loss[part]))
        yield head, other, unlike + loss + groups.loss[whole]
