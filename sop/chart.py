"""A small bar chart as SVG drawn on the server: classes and attributes only, so that it passes a strict CSP."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from html import escape

WIDTH, HEIGHT, TOP, FOOT = 480, 120, 18, 18


def binned(
    points: Iterable[tuple[datetime, float | None]],
    until: datetime,
    span: timedelta,
    bars: int,
    together: Callable[[Iterable[float]], float],
) -> list[float | None]:
    """The span before `until` in so many equal parts, each the points in it taken together; None where there was none."""
    parts: list[list[float]] = [[] for _ in range(bars)]
    for at, value in points:
        share = (at - (until - span)) / span
        if value is not None and 0 <= share <= 1:
            parts[min(int(share * bars), bars - 1)].append(value)
    return [together(part) if part else None for part in parts]


def chart(
    values: Sequence[float | None],
    *,
    title: str,
    top: str,
    left: str,
    right: str,
    limit: float | None = None,
) -> str:
    """The SVG element. `title` says what it shows, `top` the greatest value, `left` and `right` the times at its ends.

    A value above `limit` is drawn as late; where nothing was measured nothing is drawn.
    """
    most = max((value for value in values if value is not None), default=0.0)
    label = f"{title}. {top}" if top else title
    return "\n".join(
        [
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">',
            f'<line class="grid" x1="0" x2="{WIDTH}" y1="{TOP}" y2="{TOP}"/>',
            f'<line class="grid" x1="0" x2="{WIDTH}" y1="{HEIGHT - FOOT}" y2="{HEIGHT - FOOT}"/>',
            *_bars(values, most, limit),
            f'<text class="val" x="0" y="{TOP - 5}">{escape(top)}</text>',
            f'<text x="0" y="{HEIGHT - 3}">{escape(left)}</text>',
            f'<text x="{WIDTH}" y="{HEIGHT - 3}" text-anchor="end">{escape(right)}</text>',
            "</svg>",
        ]
    )


def _bars(values: Sequence[float | None], most: float, limit: float | None) -> list[str]:
    if not most:
        return []
    room, step = HEIGHT - TOP - FOOT, WIDTH / len(values)
    drawn = []
    for place, value in enumerate(values):
        if value:
            tall = max(1.0, room * value / most)
            kind = "fl" if limit is not None and value > limit else "f1"
            drawn.append(
                f'<rect class="{kind}" x="{place * step:.1f}" y="{HEIGHT - FOOT - tall:.1f}" '
                f'width="{max(1.0, step - 1):.1f}" height="{tall:.1f}"/>'
            )
    return drawn
