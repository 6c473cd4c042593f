"""A desk of values for the intake talk: it carries turns out as the real one does, so that whole talks can be walked."""

from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sop import identity
from sop.conversation import Joining
from sop.dialog import step
from sop.dialog_reading import known, named, point
from sop.dialog_state import (
    Choose,
    Heard,
    Join,
    MoveWords,
    NewMatter,
    Open,
    Reopen,
    Resume,
    Scene,
    State,
    StateClaim,
    Stop,
    TagCategory,
    Turn,
    is_open,
)
from sop.office import Category, Office, words_of
from sop.ticket import Status, Ticket

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday 09.00 WIB
CATEGORIES = {
    each.id: each
    for each in (
        Category(id=1, code="akademik", name="Akademik", keywords=frozenset({"krs"})),
        Category(id=2, code="akun", name="Akun", keywords=frozenset({"sandi"}), identity="stated"),
        Category(
            id=3,
            code="lampu",
            name="Lampu jalan",
            keywords=frozenset({"lampu"}),
            needs_photo=True,
            needs_location=True,
        ),
    )
}
OFFICE = Office(name="Layanan Contoh", categories=CATEGORIES, words=words_of(CATEGORIES))


class Said(Struct, frozen=True, kw_only=True):
    """One message of the desk's and when it leaves."""

    turn: Turn
    at: datetime


class Stage:
    """One person in one conversation. `person` hears a line and answers the turn; photos are "[foto]", buttons "[kat:akun]"."""

    def __init__(self, office: Office = OFFICE, *, threads: bool = False) -> None:
        self.office = office
        self.threads = threads
        self.state = State()
        self.tickets: dict[int, Ticket] = {}
        self.current: int | None = None
        self.words: list[tuple[int, str]] = []
        self.claims: list[identity.Claim] = []
        self.said: list[Said] = []
        self.said_at: datetime | None = None
        self.stopped = False
        self.offered = 0

    def hear(self, line: str) -> Heard:
        text = line.replace("[foto]", "").replace("[lokasi]", "").strip()
        button = text[1:-1] if text.startswith("[") and text.endswith("]") else ""
        text = "" if button else text
        suggested = self.office.suggest(text)
        return Heard(
            text=text,
            button=button,
            photo="[foto]" in line,
            files="[foto]" in line,
            location="[lokasi]" in line or point(text) is not None,
            claims=identity.recognise(text),
            suggests=suggested.id if suggested else 0,
        )

    def person(self, line: str, at: datetime, reply: int = 0, **facts: object) -> Turn:
        heard = msgspec.convert(msgspec.structs.asdict(self.hear(line)) | facts, Heard)
        turn = step(self.state, heard, self.scene(heard, reply), at)
        self.state = msgspec.convert(msgspec.json.decode(msgspec.json.encode(turn.state)), State)
        assert self.state == turn.state
        for effect in turn.effects:
            self._carry(effect, line, at)
        if turn.say:
            leaves = turn.at or at
            self.said.append(Said(turn=turn, at=leaves))
            self.said_at = self.said_at if turn.answer else leaves
        return turn

    def close(self, number: int, at: datetime) -> None:
        self.tickets[number] = replace(self.tickets[number], status=Status.CLOSED, closed_at=at)

    def decide(self, number: int) -> None:
        self.tickets[number] = replace(self.tickets[number], decided=True)

    def scene(self, heard: Heard, reply: int) -> Scene:
        numbers = [*named(heard.text), *([reply] if reply else [])]
        current = self.tickets.get(self.current or 0)
        return Scene(
            categories=tuple(self.office.categories.values()),
            current=current,
            others=tuple(
                each for each in reversed(self.tickets.values()) if is_open(each) and each.id != self.current
            ),
            named=next((self.tickets[number] for number in numbers if number in self.tickets), None),
            offered=current is not None and not is_open(current) and self.offered == current.id,
            identified=any(known(each) for each in (*heard.claims, *self.claims)),
            unreachable=self.stopped,
            threads=self.threads,
            said_at=self.said_at,
        )

    def _carry(self, effect: object, line: str, at: datetime) -> None:
        match effect:
            case Open(category):
                number = 1001 + len(self.tickets)
                self.tickets[number] = Ticket(
                    id=number,
                    contact=1,
                    conversation=1,
                    channel="telegram",
                    token="t",
                    opened_at=at,
                    categories=(category,) if category else (),
                )
                self.current = number
                self.words.append((number, line))
            case Join(number, how):
                self.words.append((number, line))
                self.offered = number if how is Joining.OFFER else self.offered
            case Reopen(number):
                self.tickets[number] = replace(self.tickets[number], status=Status.OPEN, closed_at=None)
                self.words.append((number, line))
                self.offered = 0
            case TagCategory(category):
                assert self.current is not None
                self.tickets[self.current] = replace(self.tickets[self.current], categories=(category,))
            case StateClaim(claim):
                self.claims.append(claim)
            case NewMatter():
                self.current = None
            case Choose(number):
                self.current = number
            case MoveWords(source, target, _):
                last = [i for i, (number, _) in enumerate(self.words) if number == source][-1]
                self.words[last] = (target, self.words[last][1])
            case Stop():
                self.stopped = True
            case Resume():
                self.stopped = False


def told(turn: Turn, at: datetime) -> str:
    """A turn in one line, as the tables of talks write it: "received ask(photo,location)", "complete in 40s"."""
    needs = ",".join(each.value for each in turn.needs)
    words = [
        f"{each.value}({needs})" if each in ("ask", "insist", "chosen") and needs else each.value
        for each in turn.say
    ]
    if turn.at:
        words.append(f"in {(turn.at - at).seconds}s")
    return " ".join(words)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)
