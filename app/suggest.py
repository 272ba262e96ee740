"""What a question that is being typed may become: its last word, completed by a word of recent headlines.

Law: nothing is offered that finds nothing. Where the beginning cannot be read, nothing is offered and nothing is wrong:
it is not finished yet.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from app.domain.query import And, Field, Fold, Pattern, Question, Sort, Suggestion, Term
from app.engines.analysis import fold, spans, tongue_of
from app.engines.port import Engine
from app.errors import QueryError
from app.questions import parse
from app.questions.values import has_characters
from app.scopes import Scopes
from app.store.articles import find_headlines
from app.store.database import Database

MOST = 8
_HEADLINES = 200  # the newest that have such a word
# A word that is being written: at least two letters or digits; not the value of a field, in no phrase, and not one that
# is to be left out.
_BEGUN = re.compile(r"(?:^|(?<!NOT)(?<=\s))[^\W_]{2,40}$")
_POSSESSIVE = re.compile("['’]s$")
_RUN = re.compile(r"(?<![^\W_])[^\W_]{2,40}(?![^\W_])")


def suggestions(
    database: Database, engine: Engine, typed: str, *, today: date, max_chars: int
) -> tuple[Suggestion, ...]:
    """Return what can be asked that begins with what was typed, the words that most recent headlines have first.

    Raises ``IndexUnavailableError`` when there is no index to be trusted.
    """
    begun = _BEGUN.search(typed)
    if begun is None:
        return ()
    word = fold(begun.group())
    scopes = Scopes(database)
    try:
        tree = scopes.resolved(parse(f"{typed}*", today=today, max_chars=max_chars).tree)
    except QueryError:
        return ()
    found = engine.find(
        Question(
            tree=And(children=(tree, _in_headline(word))),
            fold=Fold.NONE,
            sort=Sort.NEWEST,
            first_row=0,
            rows=_HEADLINES,
        )
    )
    with database.read() as session:
        headlines = find_headlines(session, [row.article for row in found.rows])
    endings = (f"{typed[: begun.start()]}{ending}" for ending in _endings(begun.group(), headlines))
    questions = [question for question in endings if len(question) <= max_chars]
    parsed = (parse(question, today=today, max_chars=max_chars) for question in questions)
    trees = [scopes.resolved(each.tree) for each in parsed]
    weighed = engine.weigh(trees, [])
    return tuple(
        Suggestion(question=question, articles=each.articles)
        for question, each in zip(questions, weighed, strict=True)
        if each.articles
    )


def _in_headline(begun: str) -> Pattern | Term:
    """Return what asks for headlines that hold a word that begins so; characters are found anywhere as they are."""
    if has_characters(begun):
        return Term(text=begun, field=Field.HEADLINE)
    return Pattern(pattern=f"{begun}*", field=Field.HEADLINE)


def _endings(typed: str, headlines: list[tuple[str, str | None]]) -> Iterator[str]:
    """Yield the words that begin so, those first that most headlines have; of the forms of a word the commonest. Where
    accents were typed, words that have them come first."""
    begun, accented = fold(typed), typed.casefold() != fold(typed)
    forms: Counter[str] = Counter()
    terms: Counter[str] = Counter()
    term_of: dict[str, str] = {}
    for headline, language in headlines:
        words = _runs(headline) if has_characters(begun) else _words(headline, language)
        here = {written: term for written, form, term in words if form.startswith(begun) and form != begun}
        forms.update(here.keys())
        terms.update(set(here.values()))
        term_of |= here
    told: set[str] = set()
    exact = {form for form in forms if accented and form.startswith(typed.casefold())}
    for form in sorted(
        forms, key=lambda form: (form not in exact, -terms[term_of[form]], -forms[form], form)
    ):
        if term_of[form] not in told and len(told) < MOST:
            told.add(term_of[form])
            yield form


def _words(headline: str, language: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield each word as it is written, its form, and the term it is compared by."""
    words = tongue_of(language).words(headline)
    for (start, end), word in zip(spans(headline), words, strict=True):
        yield _POSSESSIVE.sub("", headline[start:end].casefold()), word.form, word.asked


def _runs(headline: str) -> Iterator[tuple[str, str, str]]:
    """Yield the same of what stands between spaces and signs: where each character is a word, nobody looks for the next
    one alone."""
    for run in _RUN.findall(headline):
        form = fold(run)
        yield run.casefold(), form, form
