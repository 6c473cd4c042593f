"""What is on the desk after all kills, beside what was acknowledged: lost, doubled, out of order."""

from collections import Counter
from dataclasses import dataclass

from bench.posters import Record, words
from store import counters, trail
from store.db import Reader, View


@dataclass(frozen=True)
class Verdict:
    """`lost`, `doubled` and `disordered` count reporters' messages and officers' commands together; 0 is the promise."""

    reports: int
    notes: int
    lost: int
    doubled: int
    disordered: int
    more_tickets: int  # tickets beyond one for each person
    more_receipts: int  # acknowledgements to a person beyond one
    parked: int
    unmarked_copies: int  # words that a person got twice though no row is marked doubtful
    broken_chain: bool
    wrong_counters: bool

    @property
    def kept(self) -> bool:
        """Every promise."""
        bad = (self.lost, self.doubled, self.disordered, self.more_tickets, self.more_receipts, self.parked)
        return not any((*bad, self.unmarked_copies, self.broken_chain, self.wrong_counters))

    def __str__(self) -> str:
        return (
            f"acknowledged: {self.reports:,} messages of reporters, {self.notes:,} commands of officers\n"
            f"LOST={self.lost} DUP={self.doubled} ORDER={self.disordered}\n"
            f"tickets too many={self.more_tickets}, receipts too many={self.more_receipts}, parked={self.parked}, "
            f"copies not marked={self.unmarked_copies}, chain {'BROKEN' if self.broken_chain else 'whole'}, "
            f"counters {'WRONG' if self.wrong_counters else 'exact'}"
        )


async def judge(db: Reader, record: Record, heard: Counter[tuple[int, str]]) -> Verdict:
    """`heard`: how often each (chat, text) reached a phone."""
    said = await db.read(_said, "in")
    noted = await db.read(_said, "note")
    reports, notes = set(record.reports), set(record.notes)
    expected = Counter({words(*each): 1 for each in reports | notes})
    found = Counter(said) + Counter(noted)
    ours = {text for text in found if text.startswith("KRS terkunci")}
    return Verdict(
        reports=len(record.reports),
        notes=len(record.notes),
        lost=sum((expected - found).values()),
        doubled=sum(found[text] - 1 for text in ours),
        disordered=_disordered(said) + _disordered(noted),
        more_tickets=await db.read(_more_tickets),
        more_receipts=await db.read(_more_receipts),
        parked=await db.read(_count, "SELECT count(*) AS n FROM parked"),
        unmarked_copies=await _unmarked(db, heard),
        broken_chain=(await db.read(trail.first_broken, most=1 << 40))[0] is not None,
        wrong_counters=not await db.read(_counters_fit),
    )


def _said(view: View, direction: str) -> list[str]:
    rows = view.all("SELECT text FROM message WHERE direction = :direction ORDER BY id", direction=direction)
    return [row["text"] for row in rows]


def _disordered(said: list[str]) -> int:
    """How often a person's word stands before an earlier one of theirs."""
    last: dict[str, int] = {}
    wrong = 0
    for text in said:
        if not text.startswith("KRS terkunci, kata "):
            continue
        nth, _, chat = text.removeprefix("KRS terkunci, kata ").partition(" dari ")
        wrong += int(nth) <= last.get(chat, 0)
        last[chat] = int(nth)
    return wrong


def _more_tickets(view: View) -> int:
    return _count(view, "SELECT count(*) - count(DISTINCT contact_id) AS n FROM ticket")


def _more_receipts(view: View) -> int:
    return _count(
        view,
        """
        SELECT COALESCE(sum(n - 1), 0) AS n FROM (
            SELECT count(*) AS n FROM message WHERE automatic AND direction = 'out' GROUP BY ticket_id) AS each
        """,
    )


def _count(view: View, sql: str) -> int:
    row = view.one(sql)
    return int(row["n"]) if row else 0


def _counters_fit(view: View) -> bool:
    opened = sum(counters.like(view, "open.").values())
    return opened == _count(view, "SELECT count(*) AS n FROM ticket WHERE status <> 'closed'")


async def _unmarked(db: Reader, heard: Counter[tuple[int, str]]) -> int:
    """Copies on a phone beyond one, of words whose row does not say that it may have arrived twice."""
    doubtful = set(await db.read(_doubtful))
    copies = [(chat, text) for (chat, text), times in heard.items() if times > 1]
    return sum((str(chat), text.partition("\n\n")[0]) not in doubtful for chat, text in copies)


def _doubtful(view: View) -> list[tuple[str, str]]:
    rows = view.all("SELECT recipient, body_json FROM outbox WHERE doubtful")
    return [(row["recipient"], row["body_json"]["text"]) for row in rows]
