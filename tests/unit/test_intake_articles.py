"""Whole files: one article with its furniture, several with and without separators, what is refused."""

from datetime import date

import pytest

from app.domain.article import Draft
from app.intake import Manner, Reading, Role, Split, Unreadable, read

TODAY = date(2025, 11, 1)
BRIDGE = (
    "The council of Harwick agreed late on Monday to rebuild the old bridge over the river before next winter.",
    "Mayor Anna Harwell told the council that the bridge had been closed for two years and that shops had suffered.",
    "Engineers found cracks in three of the bridge's pillars, and Harwell said the river had washed out their feet.",
)
WHALES = (
    "Marine biologists counted 412 whales off the northern coast this summer, the highest number since surveys began.",
    "Lead scientist Tomas Reyes credited a ban on driftnets, which used to entangle young whales near the surface.",
    "The survey ship Petrel sailed for nine weeks, and Reyes said its microphones recorded whales almost every night.",
)
CHESS = (
    "A fourteen-year-old from Tbilisi won the national chess championship on Sunday after a game of seven hours.",
    "Nino Beridze sacrificed a rook on move 31, and her opponent, a grandmaster, resigned twenty moves later.",
    "The federation said Beridze was the youngest champion since the tournament was first played in 1928.",
)


def reading(*lines: str, split: Split = Split.AUTO) -> Reading:
    found = read("\n".join(lines).encode(), manner=Manner(split=split), today=TODAY)
    assert isinstance(found, Reading), found
    return found


def only(*lines: str) -> Draft:
    (draft,) = reading(*lines).drafts
    return draft


def dropped(draft: Draft) -> list[int]:
    return [line.line for line in draft.dropped]


def test_a_page_becomes_headline_deck_byline_and_body() -> None:
    draft = only(
        "World", "Old Bridge of Harwick to Be Rebuilt", "", "Council votes for new bridge before the winter", "",
        "By Jane Doe", "", *BRIDGE, "", "Leave a comment", "Related articles",
    )  # fmt: skip
    assert draft.headline == "Old Bridge of Harwick to Be Rebuilt"
    assert draft.deck == "Council votes for new bridge before the winter"
    assert draft.byline == "Jane Doe"
    assert draft.body_text == "\n\n".join(BRIDGE)
    assert (draft.first_line, draft.last_line) == (2, 10)
    assert dropped(draft) == [1, 12, 13]
    assert draft.language == "en"


def test_a_line_printed_again_is_the_headline_and_dropped_wherever_else_it_stands() -> None:
    title, deck = "Bridge to be rebuilt", "The council voted on the bridge late on Monday"
    draft = only(title, title, deck, *BRIDGE[:2], title, BRIDGE[2])
    assert draft.headline == "Bridge to be rebuilt"
    assert draft.deck == "The council voted on the bridge late on Monday"
    assert dropped(draft) == [2, 6]


def test_the_headline_is_the_line_that_speaks_of_the_text_not_the_longest() -> None:
    draft = only(
        "Ten things to do in the city on a rainy weekend", "Harwick council to rebuild bridge", *BRIDGE
    )
    assert draft.headline == "Harwick council to rebuild bridge"
    assert dropped(draft) == [1]


def test_a_headline_may_end_in_a_full_stop() -> None:
    assert only("A new bridge? Not so fast.", "Must read", *BRIDGE).headline == "A new bridge? Not so fast."


def test_a_line_too_long_for_a_headline_is_the_deck() -> None:
    deck = (
        "The bridge over the river has been closed for two years and the shops beside it have suffered a lot"
    )
    draft = only(deck, *BRIDGE)
    assert (draft.headline, draft.deck) == (None, deck)


def test_subheads_between_paragraphs_stay_in_the_body() -> None:
    draft = only("Bridge to be rebuilt", BRIDGE[0], "Cracks in the pillars", BRIDGE[2])
    assert draft.body_text == "\n\n".join((BRIDGE[0], "Cracks in the pillars", BRIDGE[2]))


def test_short_quoted_sentences_stay_in_the_body() -> None:
    draft = only(*BRIDGE[:2], "We will build it.", "It is our bridge.", BRIDGE[2], "She meant it.")
    assert draft.body_text.count("\n\n") == 5
    assert draft.dropped == ()


def test_a_dateline_is_recorded_and_stays_in_the_text() -> None:
    found = reading("HARWICK, Oct 21 (Reuters) - " + BRIDGE[0], *BRIDGE[1:])
    assert found.drafts[0].dateline == "HARWICK, Oct 21 (Reuters)"
    assert found.drafts[0].body_text.startswith("HARWICK")
    assert found.lines[0].role is Role.DATELINE


def test_an_advert_teaser_between_paragraphs_is_dropped() -> None:
    draft = only(
        *BRIDGE[:2],
        "Improve your business in an ever-changing world with the help of our experts […]",
        BRIDGE[2],
    )
    assert dropped(draft) == [3]
    assert "teaser" in draft.dropped[0].rule


def test_a_teaser_is_the_text_where_there_is_no_other() -> None:
    draft = only(
        "Bridge to be rebuilt",
        "The council of Harwick agreed late on Monday to rebuild the old bridge over […]",
    )
    assert draft.body_text.startswith("The council")


def test_a_menu_between_headline_and_text_is_dropped() -> None:
    menu = [
        "Latest scores from the weekend",
        "How to cook a goose",
        "Seven lakes to swim in",
        "Your stars for October",
    ]
    draft = only("Harwick council to rebuild bridge", *menu, *BRIDGE)
    assert draft.headline == "Harwick council to rebuild bridge"
    assert dropped(draft) == [2, 3, 4, 5]


@pytest.mark.parametrize(
    "mark",
    [
        "End of Document",
        "2 of 3 DOCUMENTS",
        "Document 2 of 3",
        "Document ABC0000020251021ela1000b2",
        "=" * 30,
        "-" * 40,
        "\f",
    ],
)
def test_an_explicit_separator_parts_articles(mark: str) -> None:
    found = reading(*BRIDGE, mark, *WHALES)
    assert [draft.body_text for draft in found.drafts] == ["\n\n".join(BRIDGE), "\n\n".join(WHALES)]
    assert [boundary.line for boundary in found.boundaries if boundary.cut] == [5]
    assert found.lines[3].role is Role.SEPARATOR
    assert dropped(found.drafts[0]) == [4]


def test_a_form_feed_before_a_line_parts_articles_and_is_not_in_the_text() -> None:
    found = reading(*BRIDGE, "\f" + WHALES[0], *WHALES[1:])
    assert [draft.first_line for draft in found.drafts] == [1, 4]
    assert found.drafts[1].body_text == "\n\n".join(WHALES)


def test_a_form_feed_in_mid_sentence_is_the_end_of_a_page() -> None:
    assert (
        len(
            reading(
                BRIDGE[0],
                "The council also agreed that the",
                "\f",
                "river bank needs a wall of stone.",
                BRIDGE[1],
            ).drafts
        )
        == 1
    )


def test_a_line_drawn_under_a_heading_parts_nothing() -> None:
    draft = only("Bridge to be rebuilt", "=" * 20, *BRIDGE)
    assert draft.headline == "Bridge to be rebuilt"


def test_a_line_drawn_under_a_subhead_parts_nothing() -> None:
    draft = only(*BRIDGE[:2], "Cracks in the pillars", "=" * 21, BRIDGE[2])
    assert draft.body_text == "\n\n".join((*BRIDGE[:2], "Cracks in the pillars", BRIDGE[2]))


def test_asterisks_between_paragraphs_of_an_article_part_nothing() -> None:
    assert len(reading(*BRIDGE[:2], "* * *", BRIDGE[2]).drafts) == 1


def test_a_title_framed_by_rules_heads_the_article_below() -> None:
    rule = "=" * 40
    found = reading(
        rule,
        "Harwick council to rebuild bridge",
        rule,
        *BRIDGE,
        rule,
        "More whales counted in the north",
        rule,
        *WHALES,
    )
    assert [draft.headline for draft in found.drafts] == [
        "Harwick council to rebuild bridge",
        "More whales counted in the north",
    ]


def test_a_databases_export_keeps_its_fields_out_of_the_text() -> None:
    one = [
        "1 of 2 DOCUMENTS",
        "Harwick council to rebuild bridge",
        "October 21, 2025",
        "BYLINE: Jane Doe",
        "LENGTH: 60 words",
    ]
    two = ["2 of 2 DOCUMENTS", "More whales counted in the north", "October 20, 2025", "LENGTH: 58 words"]
    found = reading(*one, *BRIDGE, *two, *WHALES)
    bridge, whales = found.drafts
    assert (bridge.headline, bridge.byline, str(bridge.published.day)) == (one[1], "Jane Doe", "2025-10-21")
    assert (whales.headline, str(whales.published.day)) == (two[1], "2025-10-20")
    assert whales.body_text == "\n\n".join(WHALES)


def test_articles_run_together_are_parted_without_separators() -> None:
    found = reading("Harwick council to rebuild bridge", *BRIDGE, "More whales counted in the north", *WHALES,
                    "Girl of fourteen wins chess title", *CHESS)  # fmt: skip
    assert [draft.first_line for draft in found.drafts] == [1, 5, 9]
    assert [draft.headline for draft in found.drafts] == [
        "Harwick council to rebuild bridge",
        "More whales counted in the north",
        "Girl of fourteen wins chess title",
    ]
    assert all(boundary.rule and boundary.figures for boundary in found.boundaries)


def test_furniture_between_articles_belongs_to_the_one_before() -> None:
    bridge = ["Home", "Harwick council to rebuild bridge", *BRIDGE, "Leave a comment"]
    whales = ["More whales counted in the north", *WHALES, "Next"]
    found = reading(*bridge, *whales, "Girl of fourteen wins chess title", *CHESS, "Related articles")
    assert [dropped(draft) for draft in found.drafts] == [[1, 6], [11], [16]]


@pytest.mark.parametrize("mark", ["", "End of Document", "=" * 30, "\f"])
def test_never_gives_one_article_whatever_stands_in_it(mark: str) -> None:
    found = reading(
        "Harwick council to rebuild bridge", *BRIDGE, mark, *WHALES, mark, *CHESS, split=Split.NEVER
    )
    (draft,) = found.drafts
    assert all(paragraph in draft.body_text for paragraph in (*BRIDGE, *WHALES, *CHESS))
    assert found.boundaries == ()


def test_other_languages_are_cut_only_at_a_line_that_can_be_a_head() -> None:
    german = (
        "Der Stadtrat von Harwick beschloss am Montag, die alte Brücke über den Fluss bis zum Winter neu zu bauen.",
        "Bürgermeisterin Anna Harwell sagte, die Brücke sei seit zwei Jahren gesperrt und die Läden litten darunter.",
        "Meeresbiologen zählten in diesem Sommer vor der Nordküste 412 Wale, so viele wie nie seit Beginn der Zählung.",
        "Der Leiter Tomas Reyes führte das auf ein Verbot von Treibnetzen zurück, in denen sich Jungtiere verfingen.",
    )
    (draft,) = reading(*german).drafts
    assert draft.language == "de"
    assert draft.body_text == "\n\n".join(german)


@pytest.mark.parametrize(
    "text",
    [
        "总统星期四在记者会上表示，谈判将于下周在布达佩斯继续进行。双方都希望尽快达成协议。",
        "大統領は木曜日の記者会見で、協議を来週ブダペストで続けると述べた。双方は早期の合意を望んでいる。",
        "قال الرئيس يوم الخميس إن المحادثات ستستمر الأسبوع المقبل في بودابست، وإن الطرفين يأملان في اتفاق قريب.",
        "Президент заявил в четверг, что переговоры продолжатся на следующей неделе в Будапеште, и уехал домой.",
        "El presidente dijo el jueves que las conversaciones seguirán la próxima semana en Budapest, y se marchó.",
        "Le président a dit jeudi que les discussions continueront la semaine prochaine à Budapest, puis il est parti.",
    ],
)
def test_text_in_other_languages_is_kept_whole(text: str) -> None:
    draft = only(text, text[::-1][1:] + text[-1])
    assert text in draft.body_text
    assert draft.dropped == ()


@pytest.mark.parametrize("left", ['<img height="1" src="http://ads.example/p?c1=2">', "<br>", "<p>"])
def test_a_tag_that_copying_a_page_left_behind_makes_a_text_no_page(left: str) -> None:
    text = "The quay was closed on Monday, the harbour master said, since the bridge beside it had sunk."
    draft = only(left, "Quay closed for a week after bridge sinks", "", text)
    assert draft.body_text == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body><p>Text of an article.</p></body></html>", "no article in this page"),
        (b"  <!-- saved --> <html lang='en'><head><title>x</title></head></html>", "no article in this page"),
        (b"<div><p>One</p><p>Two</p></div><div><p>Three</p><p>Four</p></div>", "no article in this page"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "no entries"),
        (b"<?xml version='1.0'?><opml><body/></opml>", "OPML"),
        (b"<?xml version='1.0'?><invoice><total>3</total></invoice>", "<invoice>"),
        (b'{"a": 1}\n{"a": 2}\n', "no column is known to hold a text"),
        (b'[{"headline": "A bridge", "body": "The coun', "damaged JSON"),
        (
            b"<?xml version='1.0'?><newsItem><itemClass qcode='ninat:picture'/></newsItem>",
            "'picture', which is not text",
        ),
        (b"Home\nMenu\nLeave a reply\nRelated articles\nPrivacy policy\n", "no article text"),
        (b"Bridge to be rebuilt\n", "no article text"),
    ],
)
def test_what_holds_no_article_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    found = read(content, today=TODAY)
    assert isinstance(found, Unreadable)
    assert reason in found.reason


def test_text_about_html_is_no_html() -> None:
    assert only(
        "A tag such as <p> opens a paragraph, and </p> closes it again, said the teacher of the class."
    ).body_text


def test_the_reading_says_how_the_bytes_were_decoded() -> None:
    found = read("\n".join(BRIDGE).encode() + b"\x00", today=TODAY)
    assert isinstance(found, Reading)
    assert (found.encoding, found.notices) == ("UTF-8", ("NUL characters removed: 1.",))


def test_lines_are_counted_over_line_feeds_alone() -> None:
    found = read((BRIDGE[0] + "\u2028" + BRIDGE[1] + "\x0b\r\n" + BRIDGE[2]).encode(), today=TODAY)
    assert isinstance(found, Reading)
    assert [line.number for line in found.lines] == [1, 2]
