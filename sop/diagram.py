"""A procedure as a swim-lane diagram: SVG drawn on the server, classes only, so that it passes a strict CSP.

Lanes are columns in the paper's order, time runs downward. Classes: `flow` on the root; `lane`, `stay` (+ `now`,
`done`, `reporter`, `extra`), `way` (+ `back`, `taken`), `end`; the text classes `name`, `activity`, `limit`.
"""

import textwrap
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from msgspec import Struct

from sop.errors import N_
from sop.language import translate
from sop.limit import limit_words
from sop.procedure import END, Procedure, Step

COLUMN, HEAD, ROW, BOX_WIDTH, BOX_HEIGHT, MARGIN = 148, 48, 92, 124, 60, 28
LINE = 13  # height of a text line
LETTERS = 19  # of an activity on one line


class Box(Struct, frozen=True):
    """Where a step stands: its centre in pixels."""

    step: Step
    x: int
    y: int


def diagram(procedure: Procedure, *, now: str = "", passed: Sequence[str] = (), language: str = "id") -> str:
    """The SVG element. `now` is the step that has the case, `passed` the steps it has left, oldest first."""
    columns = {lane.id: index for index, lane in enumerate(procedure.lanes)}
    steps = [step for step in procedure.steps if not step.routine]
    boxes = {
        step.id: Box(step, MARGIN + columns[step.lane] * COLUMN + COLUMN // 2, HEAD + row * ROW + ROW // 2)
        for row, step in enumerate(steps)
    }
    width = 2 * MARGIN + len(columns) * COLUMN
    height = HEAD + len(steps) * ROW + 44
    title = translate(N_("Diagram alir {title}"), language, title=procedure.title)
    return "\n".join(
        [
            f'<svg class="flow" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="{escape(title)}">',
            f"<title>{escape(title)}</title>",
            *_arrowheads(procedure.id),
            *_lanes(procedure, height),
            *_ways(procedure.id, boxes, height - 22, (*passed, now)),
            *(_box(box, now, passed, language) for box in boxes.values()),
            "</svg>",
        ]
    )


def _arrowheads(name: str) -> list[str]:
    return [
        "<defs>",
        f'<marker id="tip-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        '<path class="tip" d="M0 0l8 4-8 4z"/></marker>',
        "</defs>",
    ]


def _lanes(procedure: Procedure, height: int) -> list[str]:
    drawn = []
    for index, lane in enumerate(procedure.lanes):
        x = MARGIN + index * COLUMN
        kind = "lane" if lane.on_paper else "lane extra"
        drawn.append(f'<rect class="{kind}" x="{x}" y="2" width="{COLUMN}" height="{height - 4}"/>')
        drawn.append(_text("name", lane.name, x + COLUMN // 2, HEAD // 2, 20))
    return drawn


def _box(box: Box, now: str, passed: Sequence[str], language: str) -> str:
    step = box.step
    state = " now" if step.id == now else " done" if step.id in passed else ""
    kind = "" if step.visited else " reporter"
    extra = "" if step.number else " extra"
    number = f"{step.number}. " if step.number else ""
    rung = translate(N_(", tingkat {n}"), language, n=step.rung) if step.rung else ""
    label = f"{number}{step.activity}{rung}"
    limit = limit_words(step.limit, language)
    here = translate(N_(", sekarang di sini"), language) if state == " now" else ""
    x, y = box.x - BOX_WIDTH // 2, box.y - BOX_HEIGHT // 2
    said = label + (f", {limit}" if limit else "") + here
    return "\n".join(
        [
            f'<g class="stay{kind}{extra}{state}"><title>{escape(said)}</title>',
            f'<rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="8"/>',
            _text("activity", label, box.x, box.y - (7 if limit else 0), LETTERS),
            f'<text class="limit" x="{box.x}" y="{box.y + BOX_HEIGHT // 2 - 6}">{escape(limit)}</text>'
            if limit
            else "",
            "</g>",
        ]
    )


def _text(kind: str, text: str, x: int, y: int, letters: int) -> str:
    """Text broken into at most three centred lines around `y`."""
    lines = textwrap.wrap(text, letters, max_lines=3, placeholder="…")
    top = y - (len(lines) - 1) * LINE // 2 + 4
    spans = "".join(
        f'<tspan x="{x}" y="{top + index * LINE}">{escape(line)}</tspan>' for index, line in enumerate(lines)
    )
    return f'<text class="{kind}">{spans}</text>'


def _ways(name: str, boxes: dict[str, Box], bottom: int, passed: Sequence[str]) -> list[str]:
    drawn: list[str] = []
    taken = set(pairwise(passed))
    ends: set[int] = set()
    for box in boxes.values():
        for target, label in _targets(box.step):
            if target == END:
                path = f"M{box.x} {box.y + BOX_HEIGHT // 2}V{bottom - 9}"
                if box.x not in ends:
                    ends.add(box.x)
                    drawn.append(f'<circle class="end" cx="{box.x}" cy="{bottom}" r="8"/>')
                kind = "way"
            else:
                path, back = _path(box, boxes[target])
                kind = f"way{' back' if back else ''}{' taken' if (box.step.id, target) in taken else ''}"
            drawn.append(
                f'<path class="{kind}" d="{path}" marker-end="url(#tip-{name})"><title>{escape(label)}</title></path>'
            )
    return drawn


def _targets(step: Step) -> list[tuple[str, str]]:
    """Where a step leads, with the buttons that lead there; each target once."""
    found: dict[str, list[str]] = {}
    for choice in step.decisions:
        found.setdefault(choice.target, []).append(choice.label)
        if choice.instead:
            found.setdefault(choice.instead.target, []).append(choice.instead.label)
    if step.next:
        found.setdefault(step.next, [])
    return [(target, ", ".join(labels)) for target, labels in found.items()]


def _path(start: Box, end: Box) -> tuple[str, bool]:
    """Right angles, beside the boxes: down and across when forward, along the lane's edge when back or past a box."""
    if end.y > start.y:
        top, bottom = start.y + BOX_HEIGHT // 2, end.y - BOX_HEIGHT // 2
        if end.y - start.y == ROW:
            middle = (top + bottom) // 2
            return f"M{start.x} {top}V{middle}H{end.x}V{bottom}", False
        side = start.x + (BOX_WIDTH // 2 + 6 if end.x >= start.x else -BOX_WIDTH // 2 - 6)
        edge = start.x + (BOX_WIDTH // 2 if end.x >= start.x else -BOX_WIDTH // 2)
        return f"M{edge} {start.y + 8}H{side}V{bottom - 10}H{end.x}V{bottom}", False
    out = -1 if end.x <= start.x else 1
    edge, side = start.x + out * BOX_WIDTH // 2, start.x + out * (BOX_WIDTH // 2 + 10)
    land = end.x - out * BOX_WIDTH // 2 if end.x != start.x else end.x + out * BOX_WIDTH // 2
    return f"M{edge} {start.y}H{side}V{end.y + 14}H{land}", True
