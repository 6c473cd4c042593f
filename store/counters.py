"""Counts kept in the same change as what they count, so that a fixed view of the queue never counts rows."""

from collections.abc import Iterable, Mapping

from store.db import Change, View


def add(change: Change, steps: Mapping[str, int]) -> None:
    """Move each counter by its step. It is written before COMMIT, once for all acts of the group."""
    for name, step in steps.items():
        change.steps[name] = change.steps.get(name, 0) + step


def write(change: Change) -> None:
    """Write the steps that were gathered. Called by the engine before it commits, and before a change reads counters."""
    steps = {name: step for name, step in change.steps.items() if step}
    change.steps.clear()
    for name, step in steps.items():
        change.run(
            """
            INSERT INTO counter (name, n) VALUES (:name, :step)
            ON CONFLICT (name) DO UPDATE SET n = counter.n + :step
            """,
            name=name,
            step=step,
        )


def read(view: View, names: Iterable[str]) -> dict[str, int]:
    """The counters of these names; absent ones are 0."""
    _settle(view)
    wanted = list(names)
    rows = view.all(
        f"SELECT name, n FROM counter WHERE name IN ({', '.join(f':n{i}' for i in range(len(wanted)))})",
        **{f"n{i}": name for i, name in enumerate(wanted)},
    )
    found = {row["name"]: row["n"] for row in rows}
    return {name: found.get(name, 0) for name in wanted}


def like(view: View, start: str) -> dict[str, int]:
    """All counters whose name begins with `start`."""
    _settle(view)
    rows = view.all(
        "SELECT name, n FROM counter WHERE substr(name, 1, :n) = :start", n=len(start), start=start
    )
    return {row["name"]: row["n"] for row in rows}


def _settle(view: View) -> None:
    if isinstance(view, Change):
        write(view)
