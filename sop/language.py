"""Two languages: Indonesian is what the source says, English is looked up in the catalogue beside this file."""

import gettext
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from sop.errors import DeskError

Language = Literal["id", "en"]

SOURCE: Language = "id"
languages: tuple[Language, ...] = ("id", "en")

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "tanggap"

_DETAIL = re.compile(r": | \(")
_TAG = re.compile(r"\s*([a-z]{2,3})(?![a-z])", re.IGNORECASE | re.ASCII)
_READS_INDONESIAN = frozenset(
    {"id", "in", "ind", "ms", "jv", "jav", "su", "sun", "mad", "min", "ban", "bug", "ace", "bjn"}
)


@lru_cache(maxsize=4)
def catalogue(language: str) -> gettext.NullTranslations:
    """The language's translations; one that is missing or unknown leaves every message as it is."""
    if language == SOURCE or language not in languages:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, CATALOGUES, [language], fallback=True)


def translate(message: str, language: str, **params: Any) -> str:
    """The message in that language with its `{name}` holes filled; without params it is not a format.

    A translation whose holes do not fit gives way to the source. A param that says no itself speaks the same language.
    """
    words = catalogue(language).gettext(message) if message and language != SOURCE else message
    if not params:
        return words
    params = {
        name: explained(each, language) if isinstance(each, DeskError) else each
        for name, each in params.items()
    }
    try:
        return words.format_map(params)
    except (KeyError, IndexError, ValueError, AttributeError):
        return message.format_map(params)


def retold(words: str, language: str) -> str:
    """A kept reason, such as "Telegram menolak pesan ini: chat not found": its sentence in that language.

    What follows a colon or stands in brackets is the provider's own and stays.
    """
    if (whole := translate(words, language)) != words:
        return whole
    head = _DETAIL.split(words, maxsplit=1)[0]
    return translate(head, language) + words[len(head) :]


def explained(error: DeskError, language: str) -> str:
    """What a rule that said no tells its reader."""
    return translate(error.message, language, **error.params)


def chosen(tag: str) -> Language:
    """The language for a client's tag ("id", "en-GB", an Accept-Language field).

    Indonesian for whoever reads it and for no or an odd tag, English for everybody else.
    """
    found = _TAG.match(tag)
    return "en" if found and found[1].lower() not in _READS_INDONESIAN else "id"
