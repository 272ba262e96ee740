"""The links between articles in the database, and the families that follow from them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import (
    BindParameter,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from app.domain.article import ArticleId, RepeatKind
from app.domain.candidates import MOST_MEMBERS
from app.domain.delivery import Repeat
from app.domain.doubt import doubt
from app.domain.family import Families, Link, Member
from app.domain.fingerprint import fingerprint
from app.domain.likeness import Likeness
from app.domain.ruling import Ruling
from app.store import furniture
from app.store.batches import in_steps
from app.store.decisions import rulings_about
from app.store.tables import ArticleRecord, FingerprintRecord, RepeatRecord

# Links that say one text holds the other, whole or nearly so; families are derived from these.
_FAMILY_KINDS = (RepeatKind.COPY.value, RepeatKind.PART.value, RepeatKind.CONTAINS.value)

# Statements that every text that repeats another runs through, made once.
_SOME: BindParameter[list[int]] = bindparam("articles", expanding=True)
_AROUND = select(RepeatRecord).from_statement(
    union_all(
        *(
            select(RepeatRecord).where(side.in_(_SOME))
            for side in (RepeatRecord.article_id, RepeatRecord.other_id)
        )
    )
)
_MEMBERS = (
    select(ArticleRecord.id, ArticleRecord.published, ArticleRecord.wordcount, ArticleRecord.digest)
    .where(ArticleRecord.id.in_(_SOME))
    .order_by(ArticleRecord.id)
)
_STANDING = select(ArticleRecord.id, ArticleRecord.duplicate_of, ArticleRecord.copy_of).where(
    ArticleRecord.id.in_(_SOME)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """What a new look at families changed: originals, heads of copies, and the members of groups that fell apart
    (``heads`` names the head of each of these as well)."""

    originals: Mapping[ArticleId, ArticleId | None]
    heads: Mapping[ArticleId, ArticleId]
    scattered: frozenset[ArticleId]


def add_links(session: Session, article: ArticleId, found: Sequence[tuple[ArticleId, Likeness]]) -> None:
    """Write the links of a new article to others, as seen from it, with their evidence."""
    if found:
        session.execute(
            insert(RepeatRecord),
            [
                {
                    "article_id": article,
                    "other_id": other,
                    "kind": likeness.kind.value,
                    "jaccard": likeness.jaccard,
                    "containment": likeness.containment,
                    "evidence": _evidence(likeness),
                    "doubt": doubt(likeness.kind, likeness.measures),
                }
                for other, likeness in found
            ],
        )


def _evidence(likeness: Likeness) -> dict[str, object]:
    return {
        "rule": likeness.rule,
        "extent": likeness.extent,
        "shared_words": likeness.shared_words,
        "measures": asdict(likeness.measures),
        "passages": [[each.start, each.other_start, each.words] for each in likeness.passages],
    }


def kinds_between(
    session: Session, article: ArticleId, others: Collection[ArticleId]
) -> dict[ArticleId, RepeatKind]:
    """Return how an article repeats each of a few ``others``; those that no link joins to it are left out."""
    there = select(RepeatRecord).where(RepeatRecord.article_id == article, RepeatRecord.other_id.in_(others))
    here = select(RepeatRecord).where(RepeatRecord.article_id.in_(others), RepeatRecord.other_id == article)
    return {ArticleId(record.other_id): RepeatKind(record.kind) for record in session.scalars(there)} | {
        ArticleId(record.article_id): RepeatKind(record.kind).inverse for record in session.scalars(here)
    }


def find_links(session: Session, article: ArticleId) -> list[Repeat]:
    """Return the links of an article as seen from it, the strongest first."""
    return find_links_of(session, [article])[article]


def find_links_of(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, list[Repeat]]:
    """Return the links of each of ``articles`` as seen from it, the strongest first."""
    links: dict[ArticleId, list[Repeat]] = {article: [] for article in articles}
    for step in in_steps(sorted(links)):
        rows = session.scalars(
            select(RepeatRecord).where(
                or_(RepeatRecord.article_id.in_(step), RepeatRecord.other_id.in_(step))
            )
        )
        for record in rows:
            here, there = ArticleId(record.article_id), ArticleId(record.other_id)
            kind = RepeatKind(record.kind)
            if here in links:
                links[here].append(_repeat(record, there, kind))
            if there in links:
                links[there].append(_repeat(record, here, kind.inverse))
    for found in links.values():
        found.sort(key=lambda link: (-link.containment, -link.jaccard, link.article))
    return links


def _repeat(record: RepeatRecord, other: ArticleId, kind: RepeatKind) -> Repeat:
    return Repeat(article=other, kind=kind, jaccard=record.jaccard, containment=record.containment)


def find_component(
    session: Session, articles: Collection[ArticleId]
) -> tuple[list[Member], list[Link], list[Ruling]]:
    """Return all articles that links of whole texts or rulings join to one of ``articles``, these included, all links
    among them, and all rulings about them."""
    members = set(articles)
    ahead = set(articles)
    rulings: dict[int, Ruling] = {}
    records: dict[tuple[int, int], RepeatRecord] = {}
    while ahead:
        around: set[ArticleId] = set()
        for step in in_steps(sorted(ahead)):
            for record in session.scalars(_AROUND, {"articles": step}):
                records[record.article_id, record.other_id] = record
                if record.kind in _FAMILY_KINDS:
                    around |= {ArticleId(record.article_id), ArticleId(record.other_id)}
        for ruling in rulings_about(session, ahead):
            rulings[ruling.decision] = ruling
            around |= ruling.sides
        ahead = around - members
        members |= ahead
    inside = [record for pair, record in sorted(records.items()) if members.issuperset(pair)]
    ruled = [rulings[decision] for decision in sorted(rulings)]
    return _members(session, members), [_link(record) for record in inside], ruled


def _link(record: RepeatRecord) -> Link:
    extent = record.evidence["extent"]
    return Link(
        article=ArticleId(record.article_id),
        other=ArticleId(record.other_id),
        kind=RepeatKind(record.kind),
        containment=record.containment,
        jaccard=record.jaccard,
        extent=(extent[0], extent[1]) if extent else None,
    )


def _members(session: Session, articles: Collection[ArticleId]) -> list[Member]:
    found = []
    for step in in_steps(sorted(articles)):
        rows = session.execute(_MEMBERS, {"articles": step})
        found += [
            Member(article=ArticleId(id_), published=published, received=id_, words=words, digest=digest)
            for id_, published, words, digest in rows
        ]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an article stands in its family."""

    member: Member
    original: ArticleId
    head: ArticleId


def find_standings(session: Session, articles: Collection[ArticleId]) -> dict[ArticleId, Standing]:
    """Return where each of ``articles`` stands; one that repeats nothing is its own original and head."""
    originals, heads = _held(session, articles)
    return {
        member.article: Standing(
            member=member,
            original=originals[member.article] or member.article,
            head=heads[member.article],
        )
        for member in _members(session, articles)
    }


def find_standing(session: Session, article: ArticleId) -> Standing:
    """Return where an article stands; it is its own original and head where it repeats nothing."""
    return find_standings(session, [article])[article]


def find_rival(session: Session, original: Member) -> Standing | None:
    """Return where the duplicate of an original stands that it has to be told from: the most senior of all (see
    `Member.seniority`) if that one is more senior than the original, else the most senior of its copies, else of its
    parts; None where it has no duplicates."""
    id_, published = ArticleRecord.id, ArticleRecord.published
    if original.published is None:
        senior = or_(published.is_not(None), id_ < original.article)
    else:
        senior = or_(
            published < original.published,
            and_(published == original.published, id_ < original.article),
        )
    copy = func.coalesce(ArticleRecord.copy_of, 0) == original.article
    found = session.scalar(
        select(id_)
        .where(ArticleRecord.duplicate_of == original.article, ArticleRecord.hidden.is_(None))
        .order_by(case((senior, 0), (copy, 1), else_=2), published.is_(None), published, id_)
        .limit(1)
    )
    return find_standing(session, ArticleId(found)) if found else None


def join_copies(session: Session, article: ArticleId, to: Standing) -> Regrouped:
    """Gather a new article with the copies of a head; for no other article anything changes."""
    session.execute(
        update(ArticleRecord)
        .where(ArticleRecord.id == article)
        .values(duplicate_of=to.original, copy_of=to.head)
    )
    return Regrouped(originals={article: to.original}, heads={article: to.head}, scattered=frozenset())


def set_families(session: Session, found: Families) -> Regrouped:
    """Store families as they were found; return what is news."""
    originals, heads = _held(session, found.originals)
    moved = {article: head for article, head in found.heads.items() if heads[article] != head}
    news = {article: of for article, of in found.originals.items() if originals[article] != of}
    if news or moved:
        session.execute(
            update(ArticleRecord),
            [
                {
                    "id": article,
                    "duplicate_of": found.originals[article],
                    "copy_of": None if found.heads[article] == article else found.heads[article],
                }
                for article in sorted(news.keys() | moved.keys())
            ],
        )
    scattered = _scattered(heads, found.heads) if moved else frozenset()
    moved |= {article: found.heads[article] for article in scattered}
    return Regrouped(originals=news, heads=moved, scattered=scattered)


def _held(
    session: Session, articles: Collection[ArticleId]
) -> tuple[dict[ArticleId, ArticleId | None], dict[ArticleId, ArticleId]]:
    """Return the originals and the heads of articles as they are stored."""
    originals: dict[ArticleId, ArticleId | None] = {}
    heads: dict[ArticleId, ArticleId] = {}
    for step in in_steps(sorted(articles)):
        for id_, original, head in session.execute(_STANDING, {"articles": step}):
            originals[ArticleId(id_)] = ArticleId(original) if original else None
            heads[ArticleId(id_)] = ArticleId(head or id_)
    return originals, heads


def head_of(session: Session, article: ArticleId) -> ArticleId:
    """Return the head of the copies that an article is gathered with: itself where there are none."""
    head = session.scalars(select(ArticleRecord.copy_of).where(ArticleRecord.id == article)).one()
    return ArticleId(head or article)


def _scattered(
    before: Mapping[ArticleId, ArticleId], now: Mapping[ArticleId, ArticleId]
) -> frozenset[ArticleId]:
    """Return the members of those groups that did not stay together."""
    went: dict[ArticleId, set[ArticleId]] = defaultdict(set)
    for article, head in before.items():
        went[head].add(now[article])
    return frozenset(article for article, head in before.items() if len(went[head]) > 1)


def remove_article(session: Session, article: ArticleId) -> set[ArticleId]:
    """Remove an article's fingerprints and links; return the articles it was linked to, or the original of, and those
    it was gathered with, for which it stored common fingerprints (of a large group only some)."""
    around = {link.article for link in find_links(session, article)}
    beside = select(ArticleRecord.id).where(ArticleRecord.copy_of == head_of(session, article))
    around |= {ArticleId(id_) for id_ in session.scalars(beside.limit(MOST_MEMBERS))} - {article}
    family = session.scalars(
        select(ArticleRecord.id).where(
            or_(ArticleRecord.duplicate_of == article, ArticleRecord.copy_of == article)
        )
    )
    around |= {ArticleId(id_) for id_ in family}
    for column in (ArticleRecord.duplicate_of, ArticleRecord.copy_of):
        theirs_and_its_own = or_(column == article, ArticleRecord.id == article)
        session.execute(update(ArticleRecord).where(theirs_and_its_own).values({column: None}))
    ((_, text),) = furniture.compared_texts(session, [article])
    for step in in_steps(
        fingerprint(text).hashes
    ):  # by article alone, every row of the table would be looked at
        session.execute(
            delete(FingerprintRecord).where(
                FingerprintRecord.hash.in_(step), FingerprintRecord.article_id == article
            )
        )
    session.execute(
        delete(RepeatRecord).where(or_(RepeatRecord.article_id == article, RepeatRecord.other_id == article))
    )
    return around
