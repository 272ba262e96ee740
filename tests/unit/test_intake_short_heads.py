"""Headlines of one to three words: found where the text speaks of them or nothing else explains them."""

from datetime import date

import pytest

from app.domain.article import Draft
from app.intake import Reading, Role, read

TODAY = date(2025, 11, 1)
QUAY = (
    "The council of Harwick agreed late on Monday to rebuild the old quay over the river before next winter.",
    "Mayor Anna Harwell told the council that the harbour had been closed for two years and that shops had suffered.",
)
STURM = (
    "Ein Sturm hat am Montag im Norden des Landes schwere Schäden angerichtet und den Verkehr lahmgelegt.",
    "Die Feuerwehr rückte nach eigenen Angaben in der Nacht mehr als dreihundertmal aus, sagte ein Sprecher.",
)
WANG = (
    "外交部长王毅星期一开始对德国进行为期三天的访问，他将在柏林会见德国总理和外长。",
    "双方将就经贸合作和国际局势交换意见，并出席一场企业座谈会。",
)


def reading(*lines: str) -> Reading:
    found = read("\n".join(lines).encode(), today=TODAY)
    assert isinstance(found, Reading), found
    return found


def only(*lines: str) -> Draft:
    (draft,) = reading(*lines).drafts
    return draft


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("Quay closed", QUAY),
        ("Harwick", QUAY),
        ("Obituary: Anna Harwell", QUAY),
        ("Sturm", STURM),
        ("王毅访德", WANG),
    ],
)
def test_a_short_line_that_the_text_speaks_of_is_its_headline(headline: str, body: tuple[str, ...]) -> None:
    draft = only(headline, "", *body)
    assert draft.headline == headline
    assert draft.first_line == 1
    assert draft.dropped == ()


def test_a_first_line_that_reads_like_a_sentence_is_the_headline_whatever_the_text_says() -> None:
    found = reading("Rates cut", *QUAY)
    assert found.drafts[0].headline == "Rates cut"
    assert found.lines[0].rule == ("the headline: 2 words, the first line and the only one ahead of the text")


@pytest.mark.parametrize(
    "line", ["Munich", "From The Left", "DAILY PLANET", "Jane Doe", "Opinion:", "(Jane Doe)"]
)
def test_the_name_of_a_place_a_paper_or_a_person_is_no_headline(line: str) -> None:
    draft = only(line, *QUAY)
    assert draft.headline is None
    assert line not in draft.body_text or line == "Opinion:"


@pytest.mark.parametrize("line", ["Harwick:", "Quay and harbour,", "<Harwick>", "(Harwick harbour)"])
def test_a_line_that_goes_on_or_is_an_aside_is_no_headline_though_the_text_speaks_of_it(line: str) -> None:
    assert only(line, *QUAY).headline is None
    assert only("Home", line, *QUAY).headline is None


def test_a_place_above_a_date_is_no_headline_and_a_headline_above_a_date_is() -> None:
    assert only("Harwick", "21 October 2025", *QUAY).headline is None
    dated = only("Quay closed", "21 October 2025", "By Jane Doe", *QUAY)
    assert (dated.headline, dated.byline, str(dated.published.day)) == (
        "Quay closed",
        "Jane Doe",
        "2025-10-21",
    )


def test_common_words_shared_with_the_text_make_no_headline() -> None:
    assert only("That And Had", *QUAY).headline is None


def test_among_other_short_lines_the_text_has_to_speak_of_it_with_a_rare_word() -> None:
    draft = only("World", "Daily Planet", "Quay closed", *QUAY)
    assert draft.headline == "Quay closed"
    assert [line.line for line in draft.dropped] == [1, 2]
    assert only("Daily Planet", "Rates cut", *QUAY).headline is None
    assert only("Daily Planet", "Monday", *QUAY).headline is None


def test_more_short_lines_are_a_menu() -> None:
    assert only("Quay Street", "Harwick Shops", "River", "Council", *QUAY).headline is None


def test_a_line_of_a_menu_that_is_printed_twice_is_no_headline() -> None:
    menu = ("Harwick river", "Weather map", "Old town", "Shop window", "Chess club")
    draft = only(*menu, "Council meets on Monday again", *menu, *QUAY)
    assert draft.headline == "Council meets on Monday again"


def test_in_a_menu_the_headline_shares_nearly_as_many_words_as_the_best_line_does() -> None:
    chance = "The mayor told Harwick that shops sell chess boards"
    menu = ("Ten lakes to swim in", "How to cook a goose", "Your stars this October")
    headline = "Council agreed late on Monday to rebuild old quay over river"
    assert only(*menu, chance, headline, *QUAY).headline == headline
    assert only(chance, headline, *QUAY).headline == chance
    assert only(*menu, chance, headline, *menu, chance, *QUAY).headline == headline


def test_a_short_headline_printed_twice_is_the_headline_before_its_deck() -> None:
    draft = only("Quay closed", "Quay closed", "Council votes for the harbour late on Monday", *QUAY)
    assert (draft.headline, draft.deck) == ("Quay closed", "Council votes for the harbour late on Monday")
    assert [line.rule for line in draft.dropped] == ["the headline printed again"]


def test_a_short_headline_stands_above_a_deck_too_long_for_a_headline_and_never_below() -> None:
    deck = "The council of Harwick voted for a new quay across the harbour late on Monday after two years of talks"
    above = only("Quay closed", deck, *QUAY)
    assert (above.headline, above.deck) == ("Quay closed", deck)
    below = only(deck, "Quay closed", *QUAY)
    assert (below.headline, below.deck) == (None, deck)


@pytest.mark.parametrize("question", ["Who pays?", "Who Pays?", "Who decides on Monday?"])
def test_a_question_that_stands_first_is_the_headline(question: str) -> None:
    found = reading(question, *QUAY)
    assert found.drafts[0].headline == question
    assert found.lines[0].role is Role.HEADLINE


def test_a_short_sentence_that_opens_the_text_stays_in_it() -> None:
    draft = only("It was expected.", *QUAY)
    assert draft.headline is None
    assert draft.body_text.startswith("It was expected.")


def test_a_question_inside_the_text_stays_in_it() -> None:
    draft = only("Quay closed", QUAY[0], "Who pays?", QUAY[1])
    assert "Who pays?" in draft.body_text


def test_a_lone_short_line_without_text_is_still_no_article() -> None:
    assert not isinstance(read(b"Quay closed", today=TODAY), Reading)
