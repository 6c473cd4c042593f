"""The SOP's decisions that stand open to the reader of a ticket, as buttons with what each asks for."""

from msgspec import Struct
from starlette.requests import Request

from console.ladder import Seen
from console.session import words
from sop.officer import Officer
from sop.procedure import Code, Kind
from sop.visit import Visit, answers, closings, may_ask, may_hold, options
from store.visits import Open


class Offer(Struct, frozen=True, kw_only=True):
    """One decision. `simple`: a press is enough; else it asks for a reason, a code or a unit first."""

    id: str
    label: str
    up: bool
    reason: str
    codes: tuple[Code, ...]
    unit: bool

    @property
    def simple(self) -> bool:
        return self.reason == "none" and not self.codes and not self.unit


class Offers(Struct, frozen=True, kw_only=True):
    """`visit` is the stay they belong to: pressed later, at another stay, they decide nothing."""

    visit: int
    offers: tuple[Offer, ...]
    may_ask: bool


class Tried(Struct, frozen=True, kw_only=True):
    """What was chosen and typed in a decision that was refused."""

    decision: str = ""
    reason: str = ""
    code: str = ""
    unit: str = ""


def tried(request: Request) -> Tried:
    """Empty unless the page answers a refused decision."""
    form = getattr(request.state, "form", None)
    if form is None or not request.url.path.endswith("/putuskan"):
        return Tried()
    return Tried(
        decision=words(form, "keputusan"),
        reason=words(form, "alasan"),
        code=words(form, "kode"),
        unit=words(form, "unit"),
    )


def offers(seen: Seen, officer: Officer, current: Open | None, history: list[Visit]) -> Offers | None:
    """None where nothing is open to this officer. What the composer's own buttons decide is not repeated."""
    procedure = seen.procedure
    if procedure is None or current is None or not current.visit.step:
        return None
    visit = current.visit
    if not may_hold(procedure, visit, officer.lanes(seen.ticket.unit)):
        return None
    chains = (answers(procedure, visit, history), closings(procedure, visit, history))
    written = {chain[0].id for chain in chains if chain}
    found = [each for each in options(procedure, visit, history) if each.id not in written]
    return Offers(
        visit=current.id,
        offers=tuple(
            Offer(
                id=each.id,
                label=each.label,
                up=each.kind is Kind.ESCALATE,
                reason=each.reason,
                codes=each.codes,
                unit=each.kind is Kind.REDISTRIBUTE,
            )
            for each in found
        ),
        may_ask=may_ask(procedure, visit),
    )
