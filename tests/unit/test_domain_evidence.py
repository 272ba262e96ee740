"""Why an article is the original, how late a carrier is, and what it has of its own."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.article import ArticleId, Precision, Published
from app.domain.carried import Late, lateness
from app.domain.evidence import OriginalBecause, find_carriage, find_common, why_original
from app.domain.family import Member
from app.domain.fingerprint import fingerprint
from tests.factories import paragraph

NOON = datetime(2025, 4, 9, 12, tzinfo=UTC)
BODY, OWN, MORE = paragraph(1), paragraph(2), paragraph(3)


def member(published: datetime | None = NOON, received: int = 1, words: int = 100) -> Member:
    return Member(
        article=ArticleId(received), published=published, received=received, words=words, digest=str(words)
    )


@pytest.mark.parametrize(
    ("other", "because"),
    [
        (member(NOON + timedelta(days=1), 0), OriginalBecause.PUBLISHED_FIRST),
        (member(None, 0), OriginalBecause.PUBLISHED_FIRST),
        (member(NOON, 2), OriginalBecause.RECEIVED_FIRST),
        (member(NOON, 1, 90), OriginalBecause.LONGEST),
    ],
)
def test_the_original_of_copies_is_so_for_the_first_thing_in_which_they_differ(
    other: Member, because: OriginalBecause
) -> None:
    assert why_original(member(), other, copies=True, ruled=False) is because


def test_the_original_of_a_part_is_so_because_it_holds_it() -> None:
    assert (
        why_original(member(), member(NOON - timedelta(1)), copies=False, ruled=False)
        is OriginalBecause.HOLDS_THE_OTHER
    )


def test_an_original_that_was_not_first_is_what_all_copies_repeat_unless_it_was_ruled_to_be_it() -> None:
    older = member(NOON - timedelta(1))
    assert why_original(member(), older, copies=True, ruled=False) is OriginalBecause.REPEATED_BY_ALL
    assert why_original(member(), older, copies=True, ruled=True) is OriginalBecause.RULED
    assert why_original(older, member(), copies=True, ruled=True) is OriginalBecause.RULED


def test_every_reason_is_said_in_words() -> None:
    assert len({reason.sentence for reason in OriginalBecause}) == len(OriginalBecause)


def day(number: int) -> Published:
    return Published(at=datetime(2025, 4, number, tzinfo=UTC), precision=Precision.DAY)


def second(time: datetime) -> Published:
    return Published(at=time, precision=Precision.SECOND)


@pytest.mark.parametrize(
    ("original", "carrier", "late"),
    [
        (day(9), day(11), Late(days=2, hours=None)),
        (day(9), day(8), Late(days=-1, hours=None)),
        (day(9), second(NOON + timedelta(days=1)), Late(days=1, hours=None)),
        (second(NOON), second(NOON + timedelta(hours=26, minutes=50)), Late(days=1, hours=26)),
        (second(NOON), second(NOON + timedelta(minutes=59)), Late(days=0, hours=0)),
        (second(NOON), second(NOON - timedelta(hours=13)), Late(days=-1, hours=-13)),
        (second(NOON), Published(), None),
        (Published(not_after=NOON.date()), second(NOON), None),
    ],
)
def test_lateness_is_as_exact_as_both_times_are(
    original: Published, carrier: Published, late: Late | None
) -> None:
    assert lateness(original, carrier) == late


def test_a_carrier_is_measured_in_words_of_the_original_and_in_its_own() -> None:
    carriage = find_carriage(fingerprint(f"{BODY}\n\n{OWN}"), f"{MORE}\n\n{BODY}")
    assert (carriage.share, carriage.added_words) == (0.5, 56)
    (beginning,) = carriage.added
    assert beginning.endswith(" …")
    assert MORE.startswith(beginning.removesuffix(" …"))
    assert len(beginning.split()) == 15


def test_the_longest_runs_that_a_carrier_added_are_shown_in_order() -> None:
    body = [paragraph(seed, 2) for seed in range(10, 16)]
    own = [
        "Run one of six words here.",
        "Two.",
        "Run three " + "of words " * 4,
        "Run four has five words.",
        "Run five has more than five words.",
    ]
    mixed = " ".join(text for pair in zip(body, [*own, ""], strict=True) for text in pair)
    carriage = find_carriage(fingerprint(" ".join(body)), mixed)
    assert carriage.share == 1
    assert carriage.added_words == 6 + 1 + 10 + 5 + 7
    assert [each[:9] for each in carriage.added] == ["Run one o", "Run three", "Run five "]
    assert carriage.added_more == 2


def test_words_that_are_changed_throughout_are_shown_too() -> None:
    words = paragraph(1, 4).split()
    changed = [f"changed{nth}" if nth % 13 == 4 else word for nth, word in enumerate(words)]
    carriage = find_carriage(fingerprint(" ".join(words)), " ".join(changed))
    places = len(range(4, len(words), 13))
    assert places > len(carriage.added) == 3
    assert carriage.added_words == places == len(carriage.added) + carriage.added_more
    assert carriage.added == ("changed4", "changed17", "changed30")


def test_nothing_carries_nothing() -> None:
    assert find_carriage(fingerprint(""), BODY).share == 0
    carriage = find_carriage(fingerprint(BODY), "")
    assert (carriage.share, carriage.added_words, carriage.added, carriage.added_more) == (0, 0, (), 0)


def test_passages_and_what_lies_beside_them_are_places_in_the_texts() -> None:
    here, there = f"{OWN}\n\n{BODY}", f"{BODY}\n\n{MORE}"
    found = find_common(here, there)
    (passage,) = found.passages
    assert here[passage.here.start : passage.here.end] == BODY.rstrip(".")
    assert there[passage.there.start : passage.there.end] == BODY.rstrip(".")
    assert BODY.startswith(passage.beginning.removesuffix(" …"))
    assert passage.words == found.shared_words == 56
    assert [here[own.start : own.end] for own in found.only_here] == [OWN.rstrip(".")]
    assert [there[own.start : own.end] for own in found.only_there] == [MORE.rstrip(".")]
