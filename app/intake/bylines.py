"""Who wrote it and where: bylines on a line of their own, datelines at the head of the text.

Law: a line with a sentence in it is no byline.
"""

import re

_NAME_WORD = r"(?:[^\W\d_a-z](?:[^\W\d_]|['’.\-])*)"
_PARTICLE = r"(?:de|del|della|der|den|di|da|do|dos|du|la|le|el|al|bin|ibn|van|von|vom|zu|ten|ter|y|e|af|av)"
_NAME = rf"{_NAME_WORD}(?: (?:{_PARTICLE} ){{0,2}}{_NAME_WORD}){{1,4}}"
_AND = r"(?: ?, ?| and | & | und | et | y | e | и )"
_NAMES = rf"{_NAME}(?:{_AND}(?:{_AND.strip()} ?)?{_NAME}){{0,5}}"
_OPENING = (
    r"(?:by|byline|written by|posted by|story by|text by|von|par|por|di|door|av|af|автор|بقلم|文|记者|記者)"
)
_BYLINE = re.compile(
    rf"(?i:{_OPENING})\s*[::：]?\s+({_NAMES})\.?(?P<rest>\s*(?:[,|/•·(–—-]|(?i:for|in|at|of)\b).{{0,80}})?\s*"
)
_SOURCES = (
    r"(?:the )?(?:reuters|ap|afp|upi|dpa|ansa|efe|tass|xinhua|bloomberg|associated press|press association"
    r"|bbc(?: \w+)?|cnn|npr|politico|[\w .'’&-]{2,30} (?:news|times|post|journal|tribune|herald|telegraph"
    r"|guardian|gazette|press|magazine))"
)
_ROLES = (
    r"(?:[\w .'’-]{0,30}(?:correspondent|reporter|editor|writer|columnist|bureau chief|contributor|staff))"
)
_SIGNED = re.compile(
    rf"({_NAMES}),? ?(?:[,|/•·–—-]|\() ?(?i:{_SOURCES}|{_ROLES})(?:, [\w .'’&-]{{2,40}})?\)?\.?"
)
_NOT_NAMES = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "its",
        "his",
        "her",
        "our",
        "their",
        "all",
        "no",
        "new",
        "more",
        "how",
        "why",
        "what",
        "when",
        "where",
        "who",
    ]
)
_LONGEST = 160

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:, ?(?:{_MONTH} ?\d{{1,2}}|\d{{1,2}}\.? ?{_MONTH})(?:,? \d{{4}})?)"
_AGENCY = r"(?: ?\([^\W\d_][\w ./&’'-]{1,40}\))"
_CAPITALS = r"[^\W\d_a-zß](?:[^\W\d_a-zß]|[ .'’/-]){2,40}"
_REGION = r"(?:, [A-Z][\w.]{1,20}(?: [A-Z][\w.]{1,20}){0,2})"
_PLACE = r"[A-Z][^\W\d_]+(?:[ -][A-Z][^\W\d_]+){0,2}"
_DATELINES = (
    # WASHINGTON, Oct 21 (Reuters) -; LONDON —; SALVADOR, Feb 26 -
    re.compile(rf"({_CAPITALS}{_REGION}?{_DAY}?{_AGENCY}?) ?(?:[-–—]{{1,2}}|:)(?=\s)"),
    # Berlin (dpa) -; Washington, Oct 21 -; without either it is too likely to be something else.
    re.compile(rf"({_PLACE}{_REGION}?(?:{_DAY}{_AGENCY}?|{_AGENCY})) ?(?:[-–—]{{1,2}}|:)(?=\s)"),
    # Washington: In a major move …
    re.compile(rf"({_PLACE}):(?=\s+(?!I\b|We\b|My\b|You\b)[A-Z“])"),
)
_LONGEST_DATELINE = 110
# Words that stand before a colon without being a place.
_NOT_PLACES = frozenset(
    [
        "analysis",
        "background",
        "breaking",
        "caption",
        "comment",
        "commentary",
        "correction",
        "disclaimer",
        "editorial",
        "exclusive",
        "explainer",
        "factbox",
        "fact",
        "question",
        "answer",
        "live",
        "note",
        "opinion",
        "poll",
        "review",
        "summary",
        "update",
        "updated",
        "video",
        "watch",
        "warning",
        "read",
        "interview",
        "host",
        "reporter",
        "moderator",
        "q",
        "a",
        "first",
        "second",
        "third",
        "finally",
        "bottom",
        "however",
        "still",
        "yet",
        "related",
    ]
)


def byline_names(text: str) -> str | None:
    """Return who signed, without "By" and the role, where ``text`` is a byline and nothing else; else None."""
    stripped = text.strip(" \t|,•·–—-")
    if len(stripped) > _LONGEST:
        return None
    match = _BYLINE.fullmatch(stripped) or _SIGNED.fullmatch(stripped)
    if not match:
        return None
    names = match.group(1)
    return None if any(word.casefold() in _NOT_NAMES for word in names.split()) else names


def dateline_of(text: str) -> str | None:
    """Return the dateline that opens ``text`` ("WASHINGTON, Oct 21 (Reuters)"), without its dash or colon;
    else None.
    """
    opening = text[:_LONGEST_DATELINE]
    for pattern in _DATELINES:
        match = pattern.match(opening)
        if match and match.group(1).split()[0].casefold().rstrip(".,") not in _NOT_PLACES:
            return " ".join(match.group(1).split())
    return None
