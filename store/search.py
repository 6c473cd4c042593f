"""Full-text search over what was said. Filled by a sweep a moment after intake; the two engines' queries live here.

Newest first and bounded: a common word is read from its newest message on, some hundred at a time, until a page is full
or the bound is reached; the page then says from where to look on. The beginning of a word is looked up among the words
that were ever said, so that no query has to join the lists of thousands of words.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from sop.finding import Sought, folded
from store import memory
from store.db import Change, Row, View

CURSOR = "search.cursor"
CHUNK = 300  # messages looked at in one go
BOUND = 3000  # and at most, for one page
MEANT = 40  # words that a beginning may mean, the most used ones
PERSONS = 200  # contacts that a number may mean
PAGES = 64  # of the index, merged in one go
END = 1 << 62
_FIND = {
    "sqlite": """
        SELECT m.id AS message, m.ticket_id AS ticket, t.contact_id AS contact, coalesce(t.unit_id, 0) AS unit
          FROM (SELECT rowid AS id FROM search WHERE search MATCH :query AND rowid < :before
                 ORDER BY rowid DESC LIMIT :chunk) f
          CROSS JOIN message m ON m.id = f.id JOIN ticket t ON t.id = m.ticket_id
         ORDER BY m.id DESC
        """,
    "postgresql": """
        SELECT m.id AS message, m.ticket_id AS ticket, t.contact_id AS contact, coalesce(t.unit_id, 0) AS unit
          FROM (SELECT message_id AS id FROM search WHERE lexemes @@ to_tsquery('simple', :query)
                   AND message_id < :before ORDER BY message_id DESC LIMIT :chunk) f
          JOIN message m ON m.id = f.id JOIN ticket t ON t.id = m.ticket_id
         ORDER BY m.id DESC
        """,
}
_FITS = {
    "sqlite": "SELECT 1 FROM search WHERE search MATCH :query AND rowid = m.id",
    "postgresql": "SELECT 1 FROM search s WHERE s.message_id = m.id AND s.lexemes @@ to_tsquery('simple', :query)",
}
_PUT = {
    "sqlite": "INSERT INTO search (rowid, words) VALUES (:id, :words)",
    "postgresql": "INSERT INTO search (message_id, lexemes) VALUES (:id, to_tsvector('simple', :words))",
}
_DROP = {
    "sqlite": "DELETE FROM search WHERE rowid = :id",
    "postgresql": "DELETE FROM search WHERE message_id = :id",
}
_HELD = {
    "sqlite": "SELECT words FROM search WHERE rowid = :id",
    "postgresql": "SELECT array_to_string(tsvector_to_array(lexemes), ' ') AS words FROM search WHERE message_id = :id",
}
_WORDS = """
    SELECT m.id, m.text, m.quoted, m.subject, t.name, t.subject AS about
      FROM message m JOIN ticket t ON t.id = m.ticket_id
    """


class Hit(Struct, frozen=True, kw_only=True):
    """`message` is the ticket's newest that fits. `person`: found by a number of its reporter."""

    ticket: int
    message: int
    person: bool = False


class Found(Struct, frozen=True, kw_only=True):
    """`next` is the message before which to look on; 0: there is no more."""

    hits: tuple[Hit, ...] = ()
    next: int = 0


def index_some(change: Change, most: int = 500) -> int:
    """Index up to `most` messages that came since the last time; how many it were."""
    after = memory.get(change, CURSOR).get("id", 0)
    rows = change.all(
        f"{_WORDS} WHERE m.id > :after AND m.withdrawn_at IS NULL ORDER BY m.id LIMIT :most",
        after=after,
        most=most,
    )
    said: Counter[str] = Counter()
    for row in rows:
        said.update(_put(change, row))
    _remember(change, said)
    if rows:
        memory.save(change, CURSOR, {"id": rows[-1]["id"]})
    return len(rows)


def index_again(change: Change, message: int) -> None:
    """An edited message is found by its new words, as before by its ticket's. One that was not indexed yet will be."""
    row = change.one(f"{_WORDS} WHERE m.id = :id", id=message)
    if row and message <= memory.get(change, CURSOR).get("id", 0):
        forget(change, message)
        _remember(change, Counter(_put(change, row)))


def forget(change: Change, message: int) -> None:
    """A message that was taken back or erased is found no more, and its words that nobody else said are not known."""
    row = change.one(_HELD[change.engine], id=message)
    if row is None:
        return
    change.run(_DROP[change.engine], id=message)
    for word in sorted(set(row["words"].split())):
        if len(word) > 2 and word.isalpha():
            change.run("UPDATE search_word SET n = n - 1 WHERE word = :word", word=word)
            change.run("DELETE FROM search_word WHERE word = :word AND n <= 0", word=word)


def settle(change: Change, begin: bool) -> bool:
    """Merge a little of what FTS5 keeps in layers, so that erased words leave the file too. False: there is no more.

    PostgreSQL sees to that by itself.
    """
    if change.engine != "sqlite":
        return False
    before = change.one("SELECT total_changes() AS n")
    change.run("INSERT INTO search (search, rank) VALUES ('merge', :pages)", pages=-PAGES if begin else PAGES)
    after = change.one("SELECT total_changes() AS n")
    return bool(before and after and after["n"] - before["n"] >= 2)


def _put(change: Change, row: Row) -> set[str]:
    words = folded(" ".join((row["name"], row["about"], row["subject"], row["text"], row["quoted"]))[:20_000])
    change.run(_PUT[change.engine], id=row["id"], words=" ".join(words))
    return set(words)


def _remember(change: Change, said: Counter[str]) -> None:
    """Words that a beginning may mean; numbers are looked for whole."""
    for word, n in sorted(said.items()):
        if len(word) > 2 and word.isalpha():
            change.run(
                """
                INSERT INTO search_word (word, n) VALUES (:word, :n)
                ON CONFLICT (word) DO UPDATE SET n = search_word.n + :n
                """,
                word=word,
                n=n,
            )


def find(
    view: View, sought: Sought, units: Sequence[int], *, before: int = 0, most: int = 30, bound: int = BOUND
) -> Found:
    """Tickets of these units (0: of none yet), each once over all pages, by their newest message that fits."""
    before = before or END
    persons = _persons(view, sought)
    near = _of_persons(view, persons, units, before, most) if persons else []
    if not sought.words or not units:
        return Found()
    query = _query(view, sought.words)
    far, edge = _said(view, query, set(units), before, most, bound, set(persons))
    merged = sorted((*near, *far), key=lambda hit: -hit.message)
    shown = [hit for hit in merged if hit.message >= edge][:most]
    spilled = len(shown) < len(merged) or len(near) > most
    last = shown[-1].message if spilled and shown else edge
    return Found(hits=tuple(shown), next=last if spilled or edge else 0)


def _said(
    view: View, query: str, units: set[int], before: int, most: int, bound: int, persons: set[int]
) -> tuple[list[Hit], int]:
    """Hits by words, and the message down to which all was looked at; 0 when nothing is left."""
    hits: dict[int, Hit] = {}
    begun = before
    for rows in _chunks(view, query, before, bound):
        fresh = [row for row in rows if row["unit"] in units and row["contact"] not in persons]
        old = _seen(view, query, {row["ticket"] for row in fresh} - set(hits), begun)
        for row in fresh:
            if row["ticket"] not in old:
                hits.setdefault(row["ticket"], Hit(ticket=row["ticket"], message=row["message"]))
        if len(rows) < CHUNK:
            return list(hits.values()), 0
        before = rows[-1]["message"]
        if len(hits) > most:
            break
    return list(hits.values()), before


def _chunks(view: View, query: str, before: int, bound: int) -> Iterator[list[Row]]:
    for _ in range(max(1, bound // CHUNK)):
        rows = view.all(_FIND[view.engine], query=query, before=before, chunk=CHUNK)
        yield rows
        if len(rows) < CHUNK:
            return
        before = rows[-1]["message"]


def _seen(view: View, query: str, tickets: set[int], before: int) -> set[int]:
    """Those of the tickets that stood on an earlier page already: by a newer message that fits."""
    if before >= END or not tickets:
        return set()
    chosen = ", ".join(str(int(each)) for each in sorted(tickets))
    rows = view.all(
        f"""
        SELECT DISTINCT m.ticket_id AS id FROM message m
         WHERE m.ticket_id IN ({chosen}) AND m.id >= :before AND EXISTS ({_FITS[view.engine]})
        """,
        query=query,
        before=before,
    )
    return {row["id"] for row in rows}


def _persons(view: View, sought: Sought) -> list[int]:
    """Contacts with that number or address, as they stated it or write from it."""
    if not sought.numbers:
        return []
    names = {f"n{i}": each for i, each in enumerate(sought.numbers)}
    same = ", ".join(f":{name}" for name in names)
    begins = "SELECT contact_id FROM claim WHERE value >= :low AND value < :high" if sought.digits else ""
    rows = view.all(
        f"""
        SELECT DISTINCT contact_id AS id FROM (
            SELECT contact_id FROM claim WHERE value IN ({same})
            UNION ALL SELECT contact_id FROM address WHERE value IN ({same})
            {"UNION ALL " + begins if begins else ""}) AS found
         LIMIT :most
        """,
        **names,
        **({"low": sought.digits, "high": f"{sought.digits}z"} if begins else {}),
        most=PERSONS,
    )
    return [row["id"] for row in rows]


def _of_persons(
    view: View, persons: Sequence[int], units: Sequence[int], before: int, most: int
) -> list[Hit]:
    chosen, among = ", ".join(str(int(each)) for each in persons), ", ".join(str(int(each)) for each in units)
    rows = view.all(
        f"""
        SELECT t.id AS ticket, max(m.id) AS message FROM ticket t JOIN message m ON m.ticket_id = t.id
         WHERE t.contact_id IN ({chosen}) AND coalesce(t.unit_id, 0) IN ({among or "NULL"})
         GROUP BY t.id HAVING max(m.id) < :before ORDER BY message DESC LIMIT :most
        """,
        before=before,
        most=most + 1,
    )
    return [Hit(ticket=row["ticket"], message=row["message"], person=True) for row in rows]


def texts(view: View, messages: Sequence[int]) -> dict[int, str]:
    """What these messages say, with their own subject."""
    if not messages:
        return {}
    chosen = ", ".join(str(int(each)) for each in messages)
    return {
        row["id"]: f"{row['subject']} {row['text']}".strip()
        for row in view.all(f"SELECT id, subject, text FROM message WHERE id IN ({chosen})")
    }


def _query(view: View, words: Sequence[str]) -> str:
    """All words, the last one or what it may begin. Folded words are letters and digits: nothing of them is an operator."""
    *whole, last = words
    meant = [last, *(_meant(view, last) if len(last) > 1 and last.isalpha() else ())]
    if view.engine == "sqlite":
        quoted = " OR ".join(f'"{each}"' for each in meant)
        return " AND ".join((*(f'"{each}"' for each in whole), f"({quoted})"))
    return " & ".join((*whole, f"({' | '.join(meant)})"))


def _meant(view: View, beginning: str) -> list[str]:
    rows = view.all(
        """
        SELECT word FROM search_word WHERE word >= :low AND word < :high AND word <> :low
         ORDER BY n DESC, word LIMIT :most
        """,
        low=beginning,
        high=f"{beginning}\U0010fffd",
        most=MEANT,
    )
    return [row["word"] for row in rows]
