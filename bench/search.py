"""Search over many messages: a rare word, a word of half of them, two words, a beginning, a page further down."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from bench.office import NOW, Folder, writer
from bench.pages import looking
from bench.rounds import Case, interleave, table
from sop.finding import sought
from store import search
from store.db import View

SIZES = (10_000, 500_000)
LARGE = 5_000_000
IN_A_TICKET = 5  # messages
LOT = 20_000
WORDS = 20_000  # of the made vocabulary, used the more often the earlier they stand
LONG = 12  # words of a message
AT = NOW.isoformat(timespec="microseconds")
SOUNDS = ("ba", "ca", "da", "ka", "la", "ma", "na", "pa", "ra", "sa", "ta", "wa", "ya", "ji", "mu", "re")
TICKETS = """
    INSERT INTO ticket (id, contact_id, conversation_id, channel, unit_id, subject, token, rank_at, opened_at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size)
    SELECT 1000 + i, 1, i, 'telegram', 1, '', 't' || i, :at, :at FROM n
    """
MESSAGE = """
    INSERT INTO message (id, ticket_id, direction, channel, text, payload_json, salt, written_at)
    VALUES (?, ?, 'in', 'telegram', ?, '{}', 's', ?)
    """


def vocabulary() -> list[str]:
    """Made words, each once; "krs" is not among them."""
    found = []
    for number in range(WORDS):
        rest, word = number, ""
        for _ in range(4):
            word += SOUNDS[rest % len(SOUNDS)]
            rest //= len(SOUNDS)
        found.append(word)
    return found


def said(size: int) -> Iterator[list[str]]:
    """Messages: every second one names "krs", one in a hundred thousand "beasiswa"."""
    chance, words = random.Random(5), vocabulary()
    weights = [1 / (place + 10) for place in range(WORDS)]
    for begin in range(0, size, LOT):
        drawn = iter(chance.choices(words, weights, k=LOT * LONG))
        for number in range(begin, min(begin + LOT, size)):
            text = [next(drawn) for _ in range(LONG)]
            text[0] = "krs" if number % 2 else text[0]
            text[1] = "beasiswa" if number % 100_000 == 99_999 else text[1]
            yield text


def filled(folder: Folder, size: int) -> Path:
    """A desk on which so much was said, indexed as the sweep after intake does it."""
    path = folder.fresh()
    connection = writer(path, [])
    connection.execute("INSERT INTO contact (id, name, created_at) VALUES (1, 'Dewi', ?)", (AT,))
    connection.execute(TICKETS, {"size": size // IN_A_TICKET, "at": AT})
    counted: Counter[str] = Counter()
    numbered = enumerate(said(size), 1)
    while lot := [
        (number, 1001 + (number - 1) // IN_A_TICKET, " ".join(text), AT)
        for number, text in islice(numbered, LOT)
    ]:
        for _, _, text, _ in lot:
            counted.update(set(text.split()))
        connection.execute("BEGIN")
        connection.executemany(MESSAGE, lot)
        connection.executemany(
            "INSERT INTO search (rowid, words) VALUES (?, ?)", [(each[0], each[2]) for each in lot]
        )
        connection.execute("COMMIT")
    connection.executemany("INSERT INTO search_word (word, n) VALUES (?, ?)", sorted(counted.items()))
    connection.execute("ANALYZE")
    connection.close()
    return path


def asking(typed: str, *, before: int = 0) -> Callable[[View], object]:
    wanted = sought(typed)

    def ask(view: View) -> object:
        return search.find(view, wanted, (1,), before=before)

    return ask


def run(folder: Folder, rounds: int, *, sizes: tuple[int, ...] = SIZES) -> str:
    cases: dict[str, Case] = {}
    for size in sizes:
        path = filled(folder, size)
        for name, query in (
            ("a word of every second message", asking("krs ")),
            ("a rare word", asking("beasiswa")),
            ("two words", asking("krs cabababa")),
            ("a beginning", asking("bab")),
            ("a common word, half way down", asking("krs", before=size // 2)),
        ):
            cases[f"{name}, {size:,} messages"] = looking(path, query)
    return table(interleave(cases, rounds), "Search", next(iter(cases)), "searches a second")


def run_large(folder: Folder, rounds: int) -> str:
    return run(folder, rounds, sizes=(SIZES[0], LARGE))
