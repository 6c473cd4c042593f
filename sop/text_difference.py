"""Two versions of a text beside each other, word by word."""

import re
from collections.abc import Sequence

from msgspec import Struct

_WORD = re.compile(r"\{\{[^{}]*\}\}|\s+|\w+|[^\w\s]")
LONGEST = 20_000  # characters that are compared
MOST = 600  # words that may differ until the rest counts as written anew: the work stays small whatever is compared


class Stretch(Struct, frozen=True):
    """`how`: "" both say so, "new" only the later one, "gone" only the earlier one."""

    text: str
    how: str = ""


def difference(before: str, after: str) -> tuple[Stretch, ...]:
    """What was taken away stands before what came in its place."""
    old, new = _WORD.findall(before[:LONGEST]), _WORD.findall(after[:LONGEST])
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    found = [Stretch("".join(new[:head]))]
    a = b = 0
    for x, y in (*_kept(inner_old, inner_new), (len(inner_old), len(inner_new))):
        found.append(Stretch("".join(inner_old[a:x]), "gone"))
        found.append(Stretch("".join(inner_new[b:y]), "new"))
        found.append(Stretch("".join(inner_new[y : y + 1])))
        a, b = x + 1, y + 1
    found.append(Stretch("".join(new[len(new) - tail :]) if tail else ""))
    return _joined(found)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    place = 0
    while place < min(len(old), len(new)) and old[place] == new[place]:
        place += 1
    return place


def _kept(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The places of words that both have, by the fewest changes (Myers 1986); none where more than MOST differ."""
    reached = {1: 0}
    trace: list[dict[int, int]] = []
    for changes in range(min(MOST, len(old) + len(new)) + 1):
        trace.append(dict(reached))
        for lane in range(-changes, changes + 1, 2):
            down = lane == -changes or (lane != changes and reached[lane - 1] < reached[lane + 1])
            x = reached[lane + 1] if down else reached[lane - 1] + 1
            y = x - lane
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            reached[lane] = x
            if x >= len(old) and y >= len(new):
                return _back(trace, x, y)
    return []


def _back(trace: Sequence[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    """From the end to the beginning along what was reached with ever fewer changes."""
    kept: list[tuple[int, int]] = []
    for changes in range(len(trace) - 1, -1, -1):
        reached, lane = trace[changes], x - y
        down = lane == -changes or (lane != changes and reached[lane - 1] < reached[lane + 1])
        from_x = reached[lane + 1] if down else reached[lane - 1]
        from_y = from_x - (lane + 1 if down else lane - 1)
        while x > max(from_x, 0) and y > max(from_y, 0):
            x, y = x - 1, y - 1
            kept.append((x, y))
        x, y = from_x, from_y
    return kept[::-1]


def _joined(parts: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Neighbours of one kind as one; what was taken away and what came, between two that stay, in that order."""
    found: list[Stretch] = []
    for each in (part for part in parts if part.text):
        if found and found[-1].how == each.how:
            found[-1] = Stretch(found[-1].text + each.text, each.how)
        elif each.how == "gone" and len(found) > 1 and found[-1].how == "new" and found[-2].how == "gone":
            found[-2] = Stretch(found[-2].text + each.text, "gone")
        else:
            found.append(each)
    return tuple(found)
