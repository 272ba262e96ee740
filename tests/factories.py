"""Small makers of things that tests need, one line each to call."""

import random
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from app.config import Settings
from app.domain.article import ArticleId
from app.domain.family import Link, Member, families
from app.domain.profile import Profile, Vector
from app.domain.story import nearness_to
from app.domain.terms import background, portrait
from app.domain.weighing import keyed, vector

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

_SYLLABLES = (
    "ka",
    "lo",
    "mi",
    "ren",
    "tas",
    "vor",
    "el",
    "dun",
    "pra",
    "sho",
    "bri",
    "nel",
    "gar",
    "ith",
    "om",
    "fe",
)


def make_settings(home: Path, **changes: object) -> Settings:
    """Settings of an archive in ``home``, whatever the environment says."""
    values = {"home": home, "database_url": None, "index_url": None} | changes
    return Settings.model_validate(values)


def nearness(one: Profile, other: Profile) -> float:
    """How near two stories are."""
    return nearness_to(one, [other])[0]


def drawn(text: str, title: str | None = None, language: str | None = None) -> Vector:
    """The vector of an article that is alone in its archive."""
    read = keyed(portrait(title, None, text, language), background())
    return vector(read, np.ones(len(read.counted), np.int64))


def words(seed: int, number: int) -> Iterator[str]:
    """Yield ``number`` invented words: the same for the same seed, hardly any shared between seeds."""
    chance = random.Random(seed)  # noqa: S311 - no secret is made of it
    vocabulary = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(400)]
    for _ in range(number):
        yield chance.choice(vocabulary)


def paragraph(seed: int, sentences: int = 4) -> str:
    """One paragraph of invented prose: sentences of some fourteen words, each with a capital and a full stop."""
    stream = words(seed, sentences * 14)
    made = [" ".join(next(stream) for _ in range(14)).capitalize() + "." for _ in range(sentences)]
    return " ".join(made)


def article(seed: int, paragraphs: int = 5, headline: str | None = None) -> str:
    """One article as a plain text file has it: a headline, and paragraphs with blank lines between them."""
    text = "\n\n".join(paragraph(seed * 100 + nth) for nth in range(paragraphs))
    return f"{headline or 'The ' + ' '.join(words(seed, 5)) + ' affair'}\n\n{text}\n"


def report(event: int, number: int) -> str:
    """A report on an event: some paragraphs that differ, about the same names and things."""
    told = paragraph(event * 1000).split()
    body = [
        " ".join([*told[nth::3][:12], *paragraph(event * 1000 + number * 10 + nth, 2).split()])
        for nth in range(3)
    ]
    return f"What happened on day {number} of the {told[0]} {told[1]} affair\n\n" + "\n\n".join(body) + "\n"


def pairs_of_copies(number: int) -> dict[str, str]:
    """So many texts in two forms each, for `write`, no two of them about the same."""
    texts: dict[str, str] = {}
    for pair in range(number):
        one, _, body = article(pair, paragraphs=3).partition("\n")
        texts |= {f"f{pair}a_txt": f"{one}\n{body}", f"f{pair}b_txt": f"{one} told again\n{body}"}
    return texts


def write(folder: Path, **texts: str | bytes) -> Path:
    """Write files named after the keywords (``a_txt`` is ``a.txt``) into ``folder`` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        content = text if isinstance(text, bytes) else text.encode()
        (folder / name.replace("_", ".")).write_bytes(content)
    return folder


def originals(members: Collection[Member], links: Collection[Link]) -> dict[ArticleId, ArticleId | None]:
    """Return for every article the original it is a duplicate of, or None."""
    return dict(families(members, links).originals)
