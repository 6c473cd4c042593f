"""The language of the command line: Indonesian, or English with TANGGAP_LANG=en."""

import os
from typing import Any

from sop.language import Language, chosen, translate


def spoken() -> Language:
    return chosen(os.environ.get("TANGGAP_LANG", "id"))


def _(message: str, **params: Any) -> str:
    """The message for who sits at this terminal, its `{name}` holes filled."""
    return translate(message, spoken(), **params)
