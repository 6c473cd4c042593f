"""Two versions of a text beside each other, word by word."""

import re
from difflib import SequenceMatcher

from msgspec import Struct

_WORD = re.compile(r"\{\{[^{}]*\}\}|\s+|\w+|[^\w\s]")
LONGEST = 20_000  # characters that are compared


class Stretch(Struct, frozen=True):
    """`how`: "" both say so, "new" only the later one, "gone" only the earlier one."""

    text: str
    how: str = ""


def difference(before: str, after: str) -> tuple[Stretch, ...]:
    """What was taken away stands before what came in its place."""
    old, new = _WORD.findall(before[:LONGEST]), _WORD.findall(after[:LONGEST])
    found: list[Stretch] = []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Stretch("".join(new[c:d])))
            continue
        if b > a:
            found.append(Stretch("".join(old[a:b]), "gone"))
        if d > c:
            found.append(Stretch("".join(new[c:d]), "new"))
    return tuple(found)
