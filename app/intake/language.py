"""Which language a text is written in, or None where it is too short to tell.

Law: a wrong language is worse than none.
"""

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

from app.intake.paragraphs import UNSPACED

_CONFIDENCE = 0.6
_SAMPLE = 400
_FEWEST_LETTERS = 20


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    # The model takes half a second to load: not at import, and once.
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of ``text``'s language, judged on its first 400 characters.

    None where they hold fewer than 20 letters (10 in scripts written without spaces) or the identifier
    (py3langid, calibrated over length) is less than 60 % sure.
    """
    sample = text[:_SAMPLE]
    letters = sum(map(str.isalpha, sample)) + len(UNSPACED.findall(sample))
    return _identified(sample) if letters >= _FEWEST_LETTERS else None


@lru_cache(maxsize=64)
def _identified(sample: str) -> str | None:
    # Remembered, because the splitter and the draft of a single article ask for the same sample.
    code, confidence = _identifier().classify(sample)
    return str(code) if confidence >= _CONFIDENCE and len(code) == 2 else None
