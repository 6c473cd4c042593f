"""Pages of the queue by combinations of filters that hardly any ticket has, among ever more open ones."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bench.office import NOW, Folder, writer
from bench.pages import LARGE, filled, looking
from bench.rounds import Case, interleave, table
from store import queue
from store.db import View
from store.queue_sql import Cut, Selection

SIZES = (10_000, 100_000)
MOST = 31
MIXED = (
    """
    UPDATE ticket SET channel = CASE id % 5 WHEN 0 THEN 'telegram' WHEN 1 THEN 'whatsapp' WHEN 2 THEN 'mail'
                                            WHEN 3 THEN 'web' ELSE 'counter' END,
                      proof = CASE id % 5 WHEN 3 THEN 'stated' WHEN 4 THEN 'checked' ELSE 'none' END,
                      step = 'langkah-' || (id / 5 % 8)
    """,
    "UPDATE ticket SET proof = 'none' WHERE id % 5 = 3 AND id > (SELECT max(id) FROM ticket) - 50",
    "UPDATE ticket SET opened_at = :early WHERE id > (SELECT max(id) FROM ticket) - 50",
    """
    INSERT INTO ticket_category (ticket_id, category_id, tagged_at)
    SELECT id, (SELECT min(id) FROM category), :at FROM ticket WHERE id % 5 < 2
    """,
    "ANALYZE",
)
LISTS: dict[str, dict[str, object]] = {
    "channel and identity, both common, hardly together": {"channel": "web", "proof": "none"},
    "a step, common": {"step": "langkah-3"},
    "a category and a channel that never meet": {"category": True, "channel": "mail"},
    "a period of few tickets, and a channel": {"until": NOW - timedelta(days=1), "channel": "mail"},
}


def mixed(folder: Folder, size: int) -> Path:
    path = filled(folder, size)
    connection = writer(path, [])
    words = {"at": NOW.isoformat(timespec="microseconds"), "early": (NOW - timedelta(days=30)).isoformat()}
    for sql in MIXED:
        connection.execute(sql, {name: word for name, word in words.items() if f":{name}" in sql})
    connection.close()
    return path


def page(which: dict[str, object]) -> Callable[[View], object]:
    """The rows, and how many they are up to the cap."""

    def look(view: View) -> object:
        wanted = dict(which)
        if wanted.pop("category", False):
            first = view.one("SELECT min(id) AS id FROM category")
            wanted["categories"] = (first["id"],) if first else ()
        one = Selection(kind="unit", officer=1, units=(0, 1), **wanted)  # type: ignore[arg-type]  # as LISTS names them
        return queue.some(view, one, Cut(None, False, MOST)), queue.few(view, [(one, queue.CAP + 1)])

    return look


def run(folder: Folder, rounds: int, *, sizes: tuple[int, ...] = SIZES) -> str:
    cases: dict[str, Case] = {}
    for size in sizes:
        path = mixed(folder, size)
        for name, which in LISTS.items():
            cases[f"{name}, {size:,} open"] = looking(path, page(which))
    result = interleave(cases, rounds)
    return table(result, "Filters of the queue", next(iter(cases)), "pages a second")


def run_large(folder: Folder, rounds: int) -> str:
    return run(folder, rounds, sizes=(SIZES[0], LARGE))
