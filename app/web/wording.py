"""How facets and their values are called on a page."""

from datetime import date

from app.domain.query import NONE, Facet

_NAMES = {
    Facet.SOURCE: "Carried by",
    Facet.SECTION: "Section",
    Facet.LANGUAGE: "Language",
    Facet.YEAR: "Year",
    Facet.MONTH: "Month",
    Facet.DAY: "Day",
    Facet.DUPLICATE: "Repeats",
    Facet.STORY_SIZE: "Story of",
}
_NONE = {Facet.SOURCE: "no source named", Facet.SECTION: "no section named", Facet.LANGUAGE: "not known"}
_DUPLICATE = {"yes": "repeat another article", "no": "repeat none"}
_SIZES = {"1": "one article", "2-4": "2 to 4", "5-9": "5 to 9", "over-9": "10 and more"}
_LANGUAGES = {
    "ar": "Arabic", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fi": "Finnish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def facet_name(facet: Facet) -> str:
    """Return the heading over the values of a facet."""
    return _NAMES[facet]


def facet_value(told: str, facet: Facet) -> str:
    """Return a value as it is read."""
    match facet:
        case _ if told == NONE:
            return _NONE.get(facet, "undated")
        case Facet.LANGUAGE:
            return _LANGUAGES.get(told, told)
        case Facet.DUPLICATE:
            return _DUPLICATE.get(told, told)
        case Facet.STORY_SIZE:
            return _SIZES.get(told, told)
        case Facet.MONTH if len(told) == 7:
            return f"{date.fromisoformat(f'{told}-01'):%B %Y}"
        case _:
            return told
