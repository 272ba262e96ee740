"""The laws of comparison, on texts made of few words so that they share passages in every way there is."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.article import RepeatKind
from app.domain.fingerprint import by_length, fingerprint
from app.domain.likeness import DEFAULT, compare, judge, measure

SINGLE = [f"x{number}" for number in range(120)]
WORDS = st.sampled_from([f"w{number}" for number in range(40)] + ["the", "of", "a"])
BLOCKS = st.lists(
    st.builds(
        lambda start, length, step: [f"b{(start + place * step) % 211}" for place in range(length)],
        st.integers(0, 8),
        st.integers(1, 150),
        st.integers(1, 3),
    )
    | st.lists(WORDS, max_size=30),
    max_size=5,
)
TEXTS = BLOCKS.map(lambda blocks: " ".join(word for block in blocks for word in block))
# A refrain: hundreds of words in place, and hardly a shingle among them.
REFRAINS = st.builds(
    lambda opening, times, own: f"{opening} {'tick ' * times} {own}", TEXTS, st.integers(0, 900), TEXTS
)
LETTERS = st.text(st.sampled_from("abcdeé ñß09.,-'\"\n"), max_size=200)


@given(TEXTS, TEXTS)
def test_a_link_is_the_same_link_seen_from_the_other_side(a: str, b: str) -> None:
    there, back = compare(fingerprint(a), fingerprint(b)), compare(fingerprint(b), fingerprint(a))
    if there is None:
        assert back is None
    else:
        assert back is not None
        assert back.kind is there.kind.inverse
        assert (back.jaccard, back.containment, back.shared_words) == (
            there.jaccard,
            there.containment,
            there.shared_words,
        )
        assert sorted((p.other_start, p.start, p.words) for p in back.passages) == sorted(
            (p.start, p.other_start, p.words) for p in there.passages
        )


@given(TEXTS | REFRAINS, TEXTS | REFRAINS)
def test_what_is_refused_at_a_glance_would_have_been_refused(a: str, b: str) -> None:
    shorter, longer = sorted((fingerprint(a), fingerprint(b)), key=by_length)
    measured = measure(shorter, longer) if shorter.words else None
    kind = judge(measured[0]) if measured else None
    found = compare(shorter, longer)
    assert (found and found.kind) is kind


@given(TEXTS)
def test_a_text_is_a_copy_of_itself(text: str) -> None:
    likeness = compare(fingerprint(text), fingerprint(text))
    if not text.split():
        assert likeness is None
    else:
        assert likeness is not None
        assert (likeness.kind, likeness.jaccard, likeness.containment) == (RepeatKind.COPY, 1.0, 1.0)


@given(TEXTS, TEXTS)
def test_measures_stay_in_their_bounds(a: str, b: str) -> None:
    one, other = fingerprint(a), fingerprint(b)
    likeness = compare(one, other)
    if likeness is None:
        return
    assert 0 < likeness.jaccard <= likeness.containment <= 1
    assert 0 <= likeness.shared_words <= min(one.words, other.words)
    for passage in likeness.passages:
        assert 0 <= passage.start < passage.start + passage.words <= one.words
        assert 0 <= passage.other_start < passage.other_start + passage.words <= other.words
    if likeness.extent is not None:
        assert 0 <= likeness.extent[0] < likeness.extent[1] <= max(one.words, other.words)


@given(TEXTS | REFRAINS, TEXTS | REFRAINS)
@example(
    " ".join([*SINGLE[:9], *["tick"] * 400, *SINGLE[9:60]]),
    " ".join([*SINGLE[:9], *["tick"] * 400, *SINGLE[60:]]),
)
def test_the_evidence_of_a_copy_or_a_part_reaches_a_threshold(a: str, b: str) -> None:
    likeness = compare(fingerprint(a), fingerprint(b))
    if likeness is None:
        return
    of = likeness.measures
    here, there = of.shared / of.words, of.other_shared / of.other_words
    short = of.words < DEFAULT.short
    match likeness.kind:
        case RepeatKind.COPY:
            alike = of.jaccard >= (DEFAULT.short_jaccard if short else DEFAULT.jaccard)
            aligned = min(here, there) >= (DEFAULT.short_aligned if short else DEFAULT.aligned)
            assert alike or (aligned and of.jaccard >= DEFAULT.distinct)
            assert of.jaccard > 0.1
        case RepeatKind.PART | RepeatKind.CONTAINS:
            assert here >= DEFAULT.part
            assert of.containment >= DEFAULT.distinct
            assert of.other_words > of.words
        case RepeatKind.SHARES:
            assert of.longest >= DEFAULT.passage


@given(LETTERS)
def test_white_space_case_and_typography_make_no_difference(text: str) -> None:
    typographic = text.replace("'", "’").replace('"', "”").replace("-", "–").replace(" ", " \n\u00a0")
    for other in (text.upper(), typographic, f"\n {text}\t", unicodedata.normalize("NFD", text)):
        assert fingerprint(other).hashes == fingerprint(text).hashes
        assert fingerprint(other).words == fingerprint(text).words


@given(st.text(st.characters(max_codepoint=127) | st.sampled_from("’‘ʼ“”–—…•\u00a0"), max_size=80))
def test_plain_text_has_the_words_that_any_text_has(text: str) -> None:
    words = fingerprint(text).line.hashes.tolist()
    # A letter beyond ASCII keeps a text from being taken for plain.
    assert fingerprint(f"{text} é").line.hashes.tolist()[:-1] == words
