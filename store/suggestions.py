"""What officers chose by word, and what was suggested for a ticket beside what was chosen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from store import memory
from store.db import Change, View

CURSOR = "suggestion.cursor"
TICKETS, WORDS = " tickets", " words"  # rows of a category beside its words: no word has a space


class Stored(Struct, frozen=True, kw_only=True):
    """A ticket's row: the category, its log odds, and (word, weight) of the words that spoke for it."""

    category: int
    score: float
    why: tuple[tuple[str, float], ...]


class Outcome(Struct, frozen=True, kw_only=True):
    """How often one category was suggested and another (or the same) chosen."""

    suggested: int
    chosen: int
    n: int


def learn(change: Change, category: int, words: Sequence[str]) -> None:
    """Count the words of a ticket that was filed there."""
    _count(change, category, dict.fromkeys(words, 1) | {TICKETS: 1, WORDS: len(words)})


def unlearn(change: Change, category: int, words: Sequence[str]) -> None:
    """The ticket was taken off again: its words count once less, and none below nothing."""
    chosen, params = _listed(words)
    gone = change.all(
        f"""
        UPDATE category_word SET n = n - 1 WHERE category_id = :category AND word IN ({chosen}) AND n > 0
        RETURNING word
        """,
        category=category,
        **params,
    )
    _count(change, category, {TICKETS: -1, WORDS: -len(gone)})
    change.run("DELETE FROM category_word WHERE category_id = :category AND n <= 0", category=category)


def forget_rare(change: Change, words: Iterable[str]) -> None:
    """Words that one ticket alone taught are not kept when it is erased: a name may be among them."""
    chosen, params = _listed(words)
    gone = change.all(
        f"DELETE FROM category_word WHERE word IN ({chosen}) AND n <= 1 RETURNING category_id, n", **params
    )
    for row in gone:
        _count(change, row["category_id"], {WORDS: -row["n"]})


def _count(change: Change, category: int, amounts: Mapping[str, int]) -> None:
    values = ", ".join(f"(:category, :word{i}, :n{i})" for i in range(len(amounts)))
    params: dict[str, Any] = {"category": category}
    for place, (word, amount) in enumerate(amounts.items()):
        params |= {f"word{place}": word, f"n{place}": amount}
    change.run(
        f"""
        INSERT INTO category_word (category_id, word, n) VALUES {values}
        ON CONFLICT (category_id, word) DO UPDATE SET n = category_word.n + excluded.n
        """,
        **params,
    )


def _listed(words: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Placeholders for an IN list, which is never empty, and their values."""
    params = {f"w{place}": word for place, word in enumerate(words)} or {"w0": ""}
    return ", ".join(f":{name}" for name in params), params


def counted(view: View, words: Iterable[str]) -> list[tuple[int, str, int]]:
    """(category, word, n) for these words, with each category's totals."""
    chosen, params = _listed((TICKETS, WORDS, *words))
    rows = view.all(f"SELECT category_id, word, n FROM category_word WHERE word IN ({chosen})", **params)
    return [(row["category_id"], row["word"], row["n"]) for row in rows]


def vocabulary(view: View) -> int:
    """How many different words were ever counted."""
    row = view.one(
        """
        SELECT count(*) AS n
          FROM (SELECT DISTINCT word FROM category_word WHERE word NOT IN (:tickets, :words)) AS w
        """,
        tickets=TICKETS,
        words=WORDS,
    )
    return int(row["n"]) if row else 0


def said(view: View, ticket: int, until: datetime | None = None) -> str:
    """The reporter's words in a ticket, its first twenty messages; only those written up to a moment."""
    rows = view.all(
        f"""
        SELECT m.subject, m.text FROM message m
         WHERE m.ticket_id = :ticket AND m.direction = 'in' {"AND m.written_at <= :until" if until else ""}
         ORDER BY m.id LIMIT 20
        """,
        **{"ticket": ticket} | ({"until": until} if until else {}),
    )
    return "\n".join(part for row in rows for part in (row["subject"], row["text"]))


def tagged_at(view: View, ticket: int, category: int) -> datetime | None:
    """When an officer filed it there; None when nobody did, or the reporter themselves."""
    row = view.one(
        """
        SELECT tagged_at FROM ticket_category
         WHERE ticket_id = :ticket AND category_id = :category AND by_officer IS NOT NULL
        """,
        ticket=ticket,
        category=category,
    )
    return row["tagged_at"] if row else None


class News(Struct, frozen=True):
    """Messages after the last look: up to which one, and the tickets without a category in which a reporter wrote."""

    upto: int
    tickets: tuple[int, ...]


def news(view: View, most: int = 200) -> News | None:
    """None: there are none."""
    rows = view.all(
        """
        SELECT m.id, m.ticket_id, m.direction,
               (SELECT count(*) FROM ticket_category g WHERE g.ticket_id = m.ticket_id) AS tags
          FROM message m WHERE m.id > :after ORDER BY m.id LIMIT :most
        """,
        after=memory.get(view, CURSOR).get("id", 0),
        most=most,
    )
    wanted = (row["ticket_id"] for row in rows if row["direction"] == "in" and not row["tags"])
    return News(rows[-1]["id"], tuple(dict.fromkeys(wanted))) if rows else None


def seen(change: Change, upto: int) -> None:
    """The messages up to that one were looked at."""
    memory.save(change, CURSOR, {"id": upto})


def put(
    change: Change, ticket: int, category: int, score: float, why: Sequence[Sequence[Any]], at: datetime
) -> None:
    """Unless the ticket was filed already."""
    change.run(
        """
        INSERT INTO suggestion (ticket_id, category_id, score, why_json, suggested_at)
        SELECT :ticket, :category, :score, :why, :at
         WHERE NOT EXISTS (SELECT 1 FROM ticket_category WHERE ticket_id = :ticket)
        ON CONFLICT (ticket_id) DO UPDATE
           SET category_id = excluded.category_id, score = excluded.score, why_json = excluded.why_json,
               suggested_at = excluded.suggested_at
         WHERE suggestion.chosen_at IS NULL
        """,
        ticket=ticket,
        category=category,
        score=score,
        why=[list(each) for each in why],
        at=at,
    )


def drop(change: Change, ticket: int) -> None:
    """Later words say nothing clear any more."""
    change.run("DELETE FROM suggestion WHERE ticket_id = :ticket AND chosen_at IS NULL", ticket=ticket)


def chosen(change: Change, ticket: int, category: int, at: datetime) -> None:
    """The first choice of an officer; later ones are not measured."""
    change.run(
        """
        UPDATE suggestion SET chosen_id = :category, chosen_at = :at
         WHERE ticket_id = :ticket AND chosen_at IS NULL
        """,
        ticket=ticket,
        category=category,
        at=at,
    )


def outcomes(view: View, since: datetime) -> list[Outcome]:
    rows = view.all(
        """
        SELECT category_id AS suggested, chosen_id AS chosen, count(*) AS n
          FROM suggestion WHERE chosen_at IS NOT NULL AND chosen_at >= :since
         GROUP BY category_id, chosen_id
        """,
        since=since,
    )
    return [Outcome(**row) for row in rows]
