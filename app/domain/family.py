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
    """One link of a component, as `compare` found it; ``kind`` is how ``article`` repeats ``other``."""

    article: ArticleId
    other: ArticleId
    kind: RepeatKind
    containment: float
    jaccard: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Families:
    """``originals`` names the original of every article (None for an original).

    ``unsettled`` are pairs (article, original) that only a chain of links joins, too weak to be believed:
    comparing the two, and adding what is found as a link, settles them.
    """

    originals: Mapping[ArticleId, ArticleId | None]
    unsettled: tuple[tuple[ArticleId, ArticleId], ...]


def originals(members: Collection[Member], links: Collection[Link]) -> dict[ArticleId, ArticleId | None]:
    """Return for every article the original it is a duplicate of, or None; see `families`."""
    return dict(families(members, links).originals)


def families(members: Collection[Member], links: Collection[Link]) -> Families:
    """Return the families of a component.

    Copies gather around the most senior article they are linked to. A family whose original is part of a
    longer text joins that text's family, unless the text is a digest (it holds articles that do not repeat
    each other) or several such texts do not belong together. Takes time in proportion to the links, but for
    a logarithm. Links to articles that are no members are ignored.
    """
    component = _component(members, links)
    groups = _gathered(component)
    joined = _joined(component, groups, _digests(component, groups))
    found: dict[ArticleId, ArticleId | None] = {}
    for article, head in groups.head.items():
        original = joined.original[head]
        found[article] = None if original == article else original
    unsettled = {pair for pair in groups.doubts | joined.doubts if pair not in component.compared}
    return Families(originals=found, unsettled=tuple(sorted(unsettled)))


@dataclass(slots=True, kw_only=True)
class _Component:
    """Members by seniority, and links as edges; a loss is how many words of the one the other may lack."""

    seniors: list[ArticleId]
    words: dict[ArticleId, int]
    copies: dict[
        ArticleId, list[tuple[ArticleId, float]]
    ]  # other, and what the other may lack of the article
    parts: dict[tuple[ArticleId, ArticleId], float]  # (part, whole), and what the whole may lack of the part
    compared: set[tuple[ArticleId, ArticleId]] = field(default_factory=set)
    same_text: list[tuple[ArticleId, ArticleId]] = field(default_factory=list)


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


def _component(members: Collection[Member], links: Collection[Link]) -> _Component:
    ordered = sorted(members, key=lambda member: member.seniority)
    words = {member.article: member.words for member in ordered}
    component = _Component(
        seniors=[member.article for member in ordered], words=words, copies=defaultdict(list), parts={}
    )
    for link in links:
        a, b = link.article, link.other
        if a == b or a not in words or b not in words:
            continue
        component.compared |= {(a, b), (b, a)}
        if link.kind is not RepeatKind.SHARES or link.containment >= SAME_TEXT:
            component.same_text.append((a, b))
        match link.kind:
            case RepeatKind.COPY:
                shared = link.jaccard / (1 + link.jaccard) * (words[a] + words[b])
                component.copies[a].append((b, max(0.0, words[b] - shared)))
                component.copies[b].append((a, max(0.0, words[a] - shared)))
            case RepeatKind.PART:
                component.parts[a, b] = (1 - link.containment) * words[a]
            case RepeatKind.CONTAINS:
                component.parts[b, a] = (1 - link.containment) * words[b]
            case RepeatKind.SHARES:
                pass
    return component


def _gathered(component: _Component) -> _Groups:
    """Gather copies around heads, the most senior first: each takes what it reaches and nobody has taken.

    Losses add up along a chain (a sound bound, as in a metric), so a chain of slowly drifting copies does
    not end under an original with which it has little in common.
    """
    groups = _Groups()
    for senior in component.seniors:
        if senior in groups.head:
            continue
        reached: list[tuple[float, ArticleId]] = [(0.0, senior)]
        refused: set[ArticleId] = set()
        while reached:
            loss, article = heapq.heappop(reached)
            if article in groups.head:
                continue
            groups.head[article], groups.loss[article] = senior, loss
            for other, lacking in component.copies[article]:
                if other in groups.head:
                    continue
                total = loss + lacking
                if article == senior or total <= CHAIN_SLACK * component.words[other]:
                    heapq.heappush(reached, (total, other))
                else:
                    refused.add(other)
        groups.doubts |= {(other, senior) for other in refused if other not in groups.head}
    return groups


def _digests(component: _Component, groups: _Groups) -> set[ArticleId]:
    """Return the heads of groups that hold two or more articles which do not repeat each other.

    What holds a digest is a digest as well. Found from the shortest to the longest, so that a digest inside
    another text never makes its own parts look like one text.
    """
    contents: dict[ArticleId, set[ArticleId]] = defaultdict(set)
    for part, whole in component.parts:
        if groups.head[part] != groups.head[whole]:
            contents[groups.head[whole]].add(groups.head[part])
    beside: dict[ArticleId, set[ArticleId]] = defaultdict(set)
    for a, b in component.same_text:
        beside[groups.head[a]].add(groups.head[b])
        beside[groups.head[b]].add(groups.head[a])
    digests: set[ArticleId] = set()
    for whole in sorted(contents, key=lambda head: (component.words[head], head)):
        held = contents[whole]
        if held & digests or not _is_one_text(held, beside):
            digests.add(whole)
    return digests


def _is_one_text(held: set[ArticleId], beside: Mapping[ArticleId, set[ArticleId]]) -> bool:
    """Whether the articles in ``held`` hang together by links among themselves."""
    unseen = set(held)
    waiting = [unseen.pop()]
    while waiting and unseen:
        near = beside[waiting.pop()]
        found = unseen & near  # a set intersection walks the smaller of the two
        unseen -= found
        waiting.extend(found)
    return not unseen


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
