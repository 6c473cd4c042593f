"""The language of the command line: Indonesian, or English with TANGGAP_LANG=en."""

import os
from functools import lru_cache
from gettext import NullTranslations, translation
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """The words of a language; the source strings themselves where it has none."""
    return translation("tanggap", LOCALE, [language], fallback=True)


def _(message: str) -> str:
    return catalogue(os.environ.get("TANGGAP_LANG", "id")).gettext(message)
