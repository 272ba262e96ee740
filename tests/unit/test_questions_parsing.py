"""How a text becomes a tree: the grammar, the dates, the wording, the notices and the troubles."""

from datetime import date
from time import process_time

import pytest

from app.domain.query import (
    And,
    DayRange,
    Everything,
    Field,
    Flag,
    Has,
    Node,
    Not,
    Nothing,
    Or,
    Parsed,
    Pattern,
    Phrase,
    Term,
)
from app.errors import QueryError, Trouble
from app.questions import parse
from app.questions.scan import scan

TODAY = date(2025, 11, 5)


def read(text: str) -> Parsed:
    return parse(text, today=TODAY, max_chars=20_000)


def troubles(text: str) -> tuple[Trouble, ...]:
    with pytest.raises(QueryError) as raised:
        read(text)
    return raised.value.troubles


def t(text: str, field: Field | None = None) -> Term:
    return Term(text=text, field=field)


def published(first: date | None, last: date | None) -> DayRange:
    return DayRange(field=Field.PUBLISHED, first=first, last=last)


OCTOBER = published(date(2025, 10, 1), date(2025, 10, 31))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("  \n ", Everything()),
        ("*", Everything()),
        ("**", Everything()),
        ("summit", t("summit")),
        ("summit budapest", And(children=(t("summit"), t("budapest")))),
        ("a AND b OR c d", And(children=(Or(children=(And(children=(t("a"), t("b"))), t("c"))), t("d")))),
        ("a OR (b c)", Or(children=(t("a"), And(children=(t("b"), t("c")))))),
        ("NOT a", Not(child=t("a"))),
        ("-a", Not(child=t("a"))),
        ("a -b", And(children=(t("a"), Not(child=t("b"))))),
        ("a −b", And(children=(t("a"), Not(child=t("b"))))),
        ('-"a b"', Not(child=Phrase(text="a b"))),
        ("-(a OR b)", Not(child=Or(children=(t("a"), t("b"))))),
        ("-headline:a", Not(child=t("a", Field.HEADLINE))),
        ("(-a)", Not(child=t("a"))),
        ("a - b", And(children=(t("a"), t("b")))),
        ("a–b", t("a–b")),
        ("al-Sharaa", t("al-Sharaa")),
        ("a ANDNOT b", And(children=(t("a"), Not(child=t("b"))))),
        ('"board of directors"', Phrase(text="board of directors")),
        ("“board of directors”", Phrase(text="board of directors")),
        ("„board of directors“", Phrase(text="board of directors")),
        ('"a b"~3', Phrase(text="a b", slop=3)),
        ('"a b"~100000', Phrase(text="a b", slop=100)),
        ("O'Neill", t("O'Neill")),
        ("‘board of directors’", Phrase(text="board of directors")),
        ("'board of directors'", Phrase(text="board of directors")),
        ("(‘children’s rights’) a", And(children=(Phrase(text="children's rights"), t("a")))),
        ("‘a b’~3 -‘c d’", And(children=(Phrase(text="a b", slop=3), Not(child=Phrase(text="c d"))))),
        ("‚a b‘ ‹c d›", And(children=(Phrase(text="a b"), Phrase(text="c d")))),
        ("source:‘Harbour Herald’", Phrase(text="Harbour Herald", field=Field.SOURCE)),
        ("byline:‘Shaquille O’Neill’", Phrase(text="Shaquille O'Neill", field=Field.BYLINE)),
        ("O’Neill", t("O'Neill")),
        ("children’s", t("children's")),
        (
            "'tis (the '90s) workers' fair",
            And(children=tuple(map(t, ("tis", "the", "90s", "workers'", "fair")))),
        ),
        ("the workers' union", And(children=(t("the"), t("workers'"), t("union")))),
        ("rock 'n' roll", And(children=(t("rock"), Phrase(text="n"), t("roll")))),
        ("summ*", Pattern(pattern="summ*")),
        ("s?mm*t", Pattern(pattern="s?mm*t")),
        ("headline:(a OR b)", Or(children=(t("a", Field.HEADLINE), t("b", Field.HEADLINE)))),
        ("text:a", t("a")),
        ('source:"Harbour Herald"', Phrase(text="Harbour Herald", field=Field.SOURCE)),
        ("source:'Harbour Herald'", Phrase(text="Harbour Herald", field=Field.SOURCE)),
        ("url:https://example.org/x", t("https://example.org/x", Field.URL)),
        ("language:de", t("de", Field.LANGUAGE)),
        ("story:5", t("5", Field.STORY)),
        ("delivery:5", t("5", Field.DELIVERY)),
        ("delivery:*", Everything()),
        ("is:duplicate", Has(flag=Flag.DUPLICATE)),
        ("has:date", Has(flag=Flag.DATED)),
        ("HAS:date has:headline", And(children=(Has(flag=Flag.DATED), Has(flag=Flag.HEADED)))),
        ("Headline:a -HEADLINE:b", And(children=(t("a", Field.HEADLINE), Not(child=t("b", Field.HEADLINE))))),
        ("Published:2025-10", OCTOBER),
        ("headline:-a", Not(child=t("a", Field.HEADLINE))),
        ("headline:−'a b'", Not(child=Phrase(text="a b", field=Field.HEADLINE))),
        ("headline:-(a OR b)", Not(child=Or(children=(t("a", Field.HEADLINE), t("b", Field.HEADLINE))))),
        ("published:-'last month'", Not(child=OCTOBER)),
        ("is:-duplicate", Not(child=Has(flag=Flag.DUPLICATE))),
        ("(published:*)", Has(flag=Flag.DATED)),
        ("seen:*", Everything()),
        ("a || b && c", Or(children=(t("a"), And(children=(t("b"), t("c")))))),
        ("a,b", And(children=(t("a"), t("b")))),
        ("a OR b,c", Or(children=(t("a"), And(children=(t("b"), t("c")))))),
        ("headline:a,b，c", And(children=tuple(t(each, Field.HEADLINE) for each in "abc"))),
        ("language:en,de", Or(children=(t("en", Field.LANGUAGE), t("de", Field.LANGUAGE)))),
        ("url:https://example.org/a,b", t("https://example.org/a,b", Field.URL)),
        ("Paris,2024", And(children=(t("Paris"), t("2024")))),
        ("1,000", t("1,000")),
        ("U.S.,", t("U.S.")),
        ("AT&T C++", And(children=(t("AT&T"), t("C++")))),
        *(
            (f"domain:{address}", t("example.org", Field.DOMAIN))
            for address in (
                "www.example.org",
                "WWW.example.org",
                "https://example.org/",
                "http://www.example.org/a/b#e",
                "//example.org",
                "example.org/news",
            )
        ),
        ('domain:"https://www.example.org/"', Phrase(text="example.org", field=Field.DOMAIN)),
        ("domain:https://www.example.org:8080/a?b=c", Phrase(text="example.org", field=Field.DOMAIN)),
        ("(url:https://a.org/?b=c)", Phrase(text="https://a.org/?b=c", field=Field.URL)),
        ("https://a.org/x?b=c d", And(children=(Phrase(text="https://a.org/x?b=c"), t("d")))),
        ("body:https://a.org/x?b=c", Phrase(text="https://a.org/x?b=c", field=Field.BODY)),
        ("domain:www", t("www", Field.DOMAIN)),
        ("domain:www.example", t("www.example", Field.DOMAIN)),
        ("domain:https://www.exam*/x", Pattern(pattern="exam*", field=Field.DOMAIN)),
        ("language:'d*'", t("d*", Field.LANGUAGE)),
        ("東京*", t("東京")),
        ("*東京*", t("東京")),
        ("東京20*", And(children=(t("東京"), Pattern(pattern="20*")))),
        ("headline:東京*", t("東京", Field.HEADLINE)),
        ("headline:*", Has(flag=Flag.HEADED)),
        ("published:[2025-10-01 TO 2025-10-31]", OCTOBER),
        ("published:[2025-10-01 to 2025-10-31]", OCTOBER),
        ("published:2025-10", OCTOBER),
        ("published:'previous month'", OCTOBER),
        ("published:‘last month’", OCTOBER),
        *((f"published:2025{dash}10", OCTOBER) for dash in "‐‑‒–—―−"),
        ("published:[2025–10–01 TO ‘2025–10–31’]", OCTOBER),
        ("published:‘2025–10’", OCTOBER),
        ("2017–10", t("2017–10")),
        ("published:[2025-10-01 TO 2025-10]", OCTOBER),
        ("published:[2025-10 TO]", published(date(2025, 10, 1), None)),
        ("published:[TO 2025-10]", published(None, date(2025, 10, 31))),
        ("published:[TO]", Has(flag=Flag.DATED)),
        ("seen:[TO]", Everything()),
        ("published:2025", published(date(2025, 1, 1), date(2025, 12, 31))),
        ("published:9999", published(date(9999, 1, 1), None)),
        ("(published:9999-12)", published(date(9999, 12, 1), None)),
        ("published:'9999-12-31'", published(date(9999, 12, 31), None)),
        ("published:9999-12-30", published(date(9999, 12, 30), date(9999, 12, 30))),
        ("published:[2025-10 TO 9999]", published(date(2025, 10, 1), None)),
        ("published:[9999-12-31 TO 9999-12-31]", published(date(9999, 12, 31), None)),
        ("published:[TO 9999-12-31]", Has(flag=Flag.DATED)),
        ("published:2024-02-29", published(date(2024, 2, 29), date(2024, 2, 29))),
        ("seen:yesterday", DayRange(field=Field.SEEN, first=date(2025, 11, 4), last=date(2025, 11, 4))),
        ("...", Nothing()),
        ("()", Nothing()),
        ("“…” —", Nothing()),
        ("a ...", t("a")),
        ("NOT ...", Nothing()),
        ("the", t("the")),
        ("[video] a", And(children=(t("video"), t("a")))),
        ("a\x00b", And(children=(t("a"), t("b")))),
    ],
)
def test_a_text_becomes_the_tree_it_says(text: str, tree: Node) -> None:
    assert read(text).tree == tree


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("", "all articles"),
        ("summit budapest published:2025-10", "summit AND budapest, published from 2025-10-01 to 2025-10-31"),
        (
            "published:2025-10 summit -is:duplicate",
            "summit, published from 2025-10-01 to 2025-10-31, NOT duplicates",
        ),
        ("a AND b OR c d", "((a AND b) OR c) AND d"),
        ("a OR b -c", "(a OR b) AND NOT c"),
        ("-(a b)", "NOT (a AND b)"),
        ('headline:"a  b" OR c', '"a b" in the headline OR c'),
        ('"a b"~3', '"a b" (at most 2 words between)'),
        ('"a b"~2', '"a b" (at most 1 word between)'),
        ('"a b"~1', '"a b"'),
        ("published:2025-10-21", "published on 2025-10-21"),
        ("published:[2025-10 TO]", "published from 2025-10-01 on"),
        ("seen:[TO 2025-10]", "seen up to 2025-10-31"),
        ("a source:x language:de story:5", "a, from the source x, in the language de, in story 5"),
        ("is:duplicate has:date", "duplicates, with a date"),
        ("war and peace", 'war AND "and" AND peace'),
        ("...", "nothing"),
    ],
)
def test_what_was_understood_is_said_in_plain_words(text: str, wording: str) -> None:
    assert read(text).interpretation == wording


@pytest.mark.parametrize(
    ("text", "start", "end", "says"),
    [
        ('"', 0, 1, "not closed"),
        ('a "b c', 2, 3, "not closed"),
        ("a “b c", 2, 3, "not closed"),
        ("headline:'a", 9, 10, "not closed"),
        ("a (b", 2, 3, "not closed"),
        ("((a)", 0, 1, "not closed"),
        ("a) b", 1, 2, "never opened"),
        ("(" * 21 + "a" + ")" * 21, 20, 21, "20 deep"),
        ("a published:2025-02-30", 12, 22, "no day"),
        ("-a published:2025-02-30", 13, 23, "no day"),
        ("published:soon", 10, 14, "no day"),
        ("published:?", 10, 11, "no day"),
        ("published:2025-10-21T10:00", 10, 26, "no day"),
        ("published:[2025-13 TO 2026]", 10, 27, "no day"),
        ("é published:[2025-10-31 TO 2025-10-01]", 12, 38, "upside down"),
        ("published:[2026 TO 2025]", 10, 24, "upside down"),
        ("published:'2026 to 2025'", 10, 24, "upside down"),
        ('published:"2025-10-31 to 2025-10-01"', 10, 36, "upside down"),
        ("published:[ 2025-13 TO 2026 ]", 10, 29, "“2025-13” is no day"),
        ("published:[2025 TO 2026-13 ]", 10, 28, "“2026-13” is no day"),
        ("published:[today TO yesterday]", 10, 30, "upside down"),
        ("published:[9999-12-31 TO 9999-12-30]", 10, 36, "This range is upside down"),
        ("published:[9999 TO 9998]", 10, 24, "upside down"),
        ("published:[2025-13 TO 9999] rain", 10, 27, "no day"),
        ("published:9999 -published:2025-13", 26, 33, "no day"),
        ("published:99990", 10, 15, "no day"),
        ("published:{2025 TO 2026}", 10, 24, "Write a range"),
        ("published:[2025-10-01 TO 2025-10-31", 10, 35, "Write a range"),
        ("published:[]", 10, 12, "Write a range"),
        ("published:[2025] a [2025 TO 2026]", 10, 16, "Write a range"),
        ("headline:[a TO b]", 9, 17, "takes no range"),
        ("story:abc", 6, 9, "as in story:5"),
        ("delivery:x", 9, 10, "as in delivery:3"),
        ("story:99999999999999999999", 6, 26, "up to 18,446,744,073,709,551,615"),
        ("a ((b", 2, 3, "2 parentheses were not closed"),
        ("a)) b)", 1, 2, "3 parentheses were never opened"),
        ("is:dup a", 3, 6, "is:duplicate"),
        ("has:da*", 6, 7, "has:date"),
        ("is:*", 3, 4, "there is is:duplicate"),
        ("-Has:*", 5, 6, "there is has:date and has:headline"),
        ('"a b"~0', 5, 7, "~1 is side by side"),
        ('"a b"~-1', 5, 8, "~1 is side by side"),
        ('"a b"~ 3', 5, 6, "directly behind the quotation mark"),
        ('"a b" ~3', 5, 8, "directly behind the quotation mark"),
        ('("a b"~)', 6, 7, "directly behind the quotation mark"),
        ('"a b"~2.5', 5, 9, "a number"),
        ("a OR OR b", 5, 7, "a word is missing"),
        ("a && || b", 5, 7, "a word is missing"),
        ("a AND OR b", 6, 8, "a word is missing"),
    ],
)
def test_a_trouble_says_what_is_wrong_and_where(text: str, start: int, end: int, says: str) -> None:
    (trouble,) = troubles(text)
    assert (trouble.start, trouble.end) == (start, end)
    assert says in trouble.detail


def test_every_trouble_is_told_at_once() -> None:
    assert [trouble.start for trouble in troubles('(a ) ) "b')] == [5, 7]


def test_a_question_that_is_too_long_is_refused_where_it_becomes_too_long() -> None:
    with pytest.raises(QueryError) as raised:
        parse("x" * 51, today=TODAY, max_chars=50)
    assert [(trouble.start, trouble.end) for trouble in raised.value.troubles] == [(50, 51)]
    parse("x" * 50, today=TODAY, max_chars=50)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("foo:bar", "“foo:” names no field"),
        ("http://example.org", "“http:” names no field"),
        ("10:30", "“10:” names no field"),
        ("headline: a", "Nothing follows headline:"),
        ("...", "nothing can match"),
        ("a AND", "AND has nothing to join"),
        ("a or b", "Write OR in capitals"),
        ("a not b", "Write NOT in capitals"),
        ("what happened?", "stands for exactly one letter"),
        ("a^2", "weight"),
        ('"summ* budapest"', "no wildcard"),
        ("a||b", "“||” joins what stands before and behind it, with spaces"),
        ("&& a", "“&&” joins what stands before and behind it, with spaces"),
        ("headline:NOT a", "NOT has nothing to join"),
        ("headline:- a", "“headline:-” holds no word"),
        ('source:"..." a', "“source:...” holds no word"),
        ("a - b", "Behind “-” stands no word directly"),
        ("a --", "Behind “--” stands no word directly"),
        ('"a b"~101', "2 words can be looked for at most 100 places"),
        ('"a b c"~17', "3 words can be looked for at most 16 places"),
        ('"U.S. O’Neill 1,000.5 d"~7', "4 words can be looked for at most 6 places"),
        ('"東京大学"~7', "4 words can be looked for at most 6 places"),
        (f'"a b"~{"9" * 5_000}', "at most 100 places"),
        ("O'N*", "any word like “ON*”"),
        ("東?", "a wildcard is passed over"),
        ("東*京", "a wildcard is passed over"),
    ],
)
def test_a_notice_tells_what_may_not_be_expected(text: str, says: str) -> None:
    (notice,) = read(text).notices
    assert says in notice


@pytest.mark.parametrize(
    "text",
    [
        "the",
        "war and peace",
        '"to be or not to be"',
        "*",
        "summ*",
        "a -b",
        "headline:a",
        "O'Neill",
        "url:a:b",
        "‘to be or not to be’",
        "a || b",
        "東京*",
        "domain:https://example.org/",
    ],
)
def test_an_ordinary_question_has_no_notice(text: str) -> None:
    assert read(text).notices == ()


def test_a_thousand_alternatives_are_one_question() -> None:
    tree = parse(" OR ".join(f"w{n}" for n in range(1000)), today=TODAY, max_chars=20_000).tree
    assert isinstance(tree, Or)
    assert len(tree.children) == 1000


@pytest.mark.parametrize("wide", ["{}*", "headline:{}?", '"a {}"~2'])
def test_a_question_of_too_many_wildcards_or_distances_is_refused_where_it_becomes_too_many(
    wide: str,
) -> None:
    each = [wide.format(f"w{number}") for number in range(102)]
    most = " OR ".join(each[:100])
    read(f'{most} OR "a b" OR c')
    (trouble,) = troubles(f"{most} OR {each[100]} OR {each[101]}")
    assert trouble.start > len(most)
    assert "100 words with wildcards" in trouble.detail


@pytest.mark.parametrize("open_", ["*w{}*", "headline:?{}", "al-*w{}", "?*?{}"])
def test_so_is_one_of_too_many_wildcards_without_a_beginning(open_: str) -> None:
    each = [open_.format(number) for number in range(12)]
    most = " OR ".join(each[:10])
    read(f"{most} OR a* OR a*b OR *")
    (trouble,) = troubles(f"{most} OR {each[10]} OR {each[11]}")
    assert trouble.start > len(most)
    assert "10 words with a wildcard at their beginning" in trouble.detail


def test_each_word_of_a_pattern_with_hyphens_counts() -> None:
    read("-".join(["*a*"] * 10))
    assert "at their beginning" in troubles("-".join(["*a*"] * 11))[0].detail
    assert "at their beginning" in troubles(" ".join("?" * letters for letters in range(1, 12)))[0].detail


@pytest.mark.parametrize("text", ["a NOT AND b", "NOT OR a", "a AND NOT OR b"])
def test_between_not_and_a_joining_operator_a_word_is_missing(text: str) -> None:
    assert "a word is missing" in troubles(text)[0].detail


def test_several_minus_signs_are_one() -> None:
    assert read("a --b").tree == And(children=(t("a"), Not(child=t("b"))))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a ----b", And(children=(t("a"), Not(child=t("b"))))),
        ("a -−-b", And(children=(t("a"), Not(child=t("b"))))),
        ("(---b)", Not(child=t("b"))),
        ("headline:---b", Not(child=t("b", Field.HEADLINE))),
        ("a --- b", And(children=(t("a"), t("b")))),
        ("a ---–b", And(children=(t("a"), t("---–b")))),
        ("(---) a", t("a")),
        ("well--known", t("well--known")),
    ],
)
def test_a_run_of_dashes_takes_away_only_where_a_word_follows(text: str, tree: Node) -> None:
    assert read(text).tree == tree


@pytest.mark.parametrize("text", ["O''Neill", "O’’Neill", "O'''Neill"])
def test_several_apostrophes_inside_a_word_are_one(text: str) -> None:
    assert read(text).tree == t("O'Neill")


@pytest.mark.parametrize(
    "text", ["-" * 4_000, " -" * 1_000 + "–", "published:[a] " * 250, "published:[" + " " * 200]
)
def test_four_times_the_question_takes_some_four_times_as_long(text: str) -> None:
    def cpu_s(text: str) -> float:
        began = process_time()
        scan(text)
        return process_time() - began

    once, four = (min(cpu_s(text * times) for _ in range(3)) for times in (1, 4))
    assert four < 10 * once  # twice as often squared, 64 times as often cubed


@pytest.mark.parametrize("quote", ["'", '"'])
def test_last_month_is_the_one_before(quote: str) -> None:
    month = DayRange(field=Field.PUBLISHED, first=date(2025, 10, 1), last=date(2025, 10, 31))
    assert read(f"published:{quote}last month{quote}").tree == month


@pytest.mark.parametrize(
    "days", ["'2017-11' TO '2017-10'", "\"today\" TO 'yesterday'", "'previous week' TO 2020"]
)
def test_a_range_with_quoted_ends_can_be_upside_down(days: str) -> None:
    assert "upside down" in troubles(f"published:[{days}]")[0].detail


def test_and_joins_before_or_and_or_before_a_space() -> None:
    a, b, c = t("a"), t("b"), t("c")
    assert read("a OR b AND c").tree == Or(children=(a, And(children=(b, c))))
    assert read("a b OR c").tree == And(children=(a, Or(children=(b, c))))


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        ("[ 2025-01 TO 2025-10 ]", date(2025, 1, 1), date(2025, 10, 31)),
        ("['last month' TO today]", date(2025, 10, 1), TODAY),
        ("[last year TO today]", date(2024, 1, 1), TODAY),
        ("[last  year TO today]", date(2024, 1, 1), TODAY),
        ('["previous year" TO]', date(2024, 1, 1), None),
        ("[TO 'last year']", None, date(2024, 12, 31)),
        ("[2025 TO '9999-12-31']", date(2025, 1, 1), None),
        ("'2025-10-01 to 2025-10-31'", date(2025, 10, 1), date(2025, 10, 31)),
    ],
)
def test_a_range_is_read_however_its_ends_are_written(
    days: str, first: date | None, last: date | None
) -> None:
    assert read(f"published:{days}").tree == DayRange(field=Field.PUBLISHED, first=first, last=last)


@pytest.mark.parametrize("question", ['צה"ל', "צה”ל", "צה״ל"])
def test_an_abbreviation_of_hebrew_is_a_word_however_its_sign_is_typed(question: str) -> None:
    assert read(question).tree == Term(text="צה״ל")


@pytest.mark.parametrize("space", ["\0", "[", "]", "{", "}", " '", "[‘"])
def test_brackets_outside_a_range_are_like_spaces_between_operators(space: str) -> None:
    (trouble,) = troubles(f"ferry ANDNOT{space}ANDNOT bus")
    assert "a word is missing" in trouble.detail
    assert read(f"ferry AND{space}bus").tree == And(children=(t("ferry"), t("bus")))
    assert read(f"ferry{space}-bus").tree == And(children=(t("ferry"), Not(child=t("bus"))))


@pytest.mark.parametrize("days", ["[2025-10 TO *]", "[ 2025-10 TO * ]", "[2025-10 TO]"])
def test_an_end_of_a_range_is_left_open_by_a_star_or_by_nothing(days: str) -> None:
    assert read(f"published:{days}").tree == published(date(2025, 10, 1), None)


def test_a_day_that_cannot_be_read_says_which_words_can() -> None:
    for days in ("monday", "'this week'", "2024,2025"):
        [trouble] = troubles(f"published:{days}")
        assert "'last week'" in trouble.detail
        assert "OR between several" in trouble.detail


def test_distances_are_narrower_the_more_words_there_are() -> None:
    assert read('"a b c d"~6').tree == Phrase(text="a b c d", slop=6)
    assert read('"a b c d"~7').tree == Phrase(text="a b c d", slop=6)
    assert read(f'"{"a " * 4_000}"~100').tree == Phrase(text="a " * 4_000, slop=1)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("published:(2024 2025)", "OR"),
        (
            "ferry published:2025-10-03 published:2025-10-01",
            "published on 2025-10-01 and published on 2025-10-03",
        ),
        ("seen:[2025-03 TO] seen:[TO 2024] seen:2025", "seen up to 2024-12-31 and seen from 2025-03-01 on"),
        ("language:de language:en", "one language"),
        ("story:4 story:5", "one story"),
    ],
)
def test_what_no_article_can_be_at_once_is_told(question: str, told: str) -> None:
    [notice] = read(question).notices
    assert told in notice
    assert read(question).tree != Nothing()


@pytest.mark.parametrize(
    "question",
    [
        "published:2025 published:2025-10",
        "published:2024 OR published:2025",
        "published:2024 -published:2025",
        "published:2024 seen:2025",
        "language:de (language:DE OR language:en)",
        "delivery:4 delivery:5",
        "language:en,",
        "published:[* TO 2025]",
    ],
)
def test_what_an_article_can_be_at_once_is_not(question: str) -> None:
    assert read(question).notices == ()


def test_what_stands_right_behind_a_range_is_a_word_of_its_own() -> None:
    assert read("published:[2025-10 TO 2025-10]-bus").tree == And(children=(OCTOBER, Not(child=t("bus"))))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("ferry –bus", "write a hyphen: -bus"),
        ("headline :ferry", "A field stands directly before its colon"),
        ("language:German", "language:de"),
    ],
)
def test_what_looks_like_more_than_a_word_is_told(question: str, told: str) -> None:
    assert told in "".join(read(question).notices)
