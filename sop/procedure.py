"""A procedure (SOP) as a value: lanes, steps in paper order, the decisions of each step.

Read from YAML by `sop/procedure_file.py`, walked by `sop/visit.py`. A ladder is already spread into one step a rung.
"""

from datetime import date
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from sop.clock import Day, Workday
from sop.limit import Hours, Limit

END = "selesai"
"""Target of a decision after which no step follows."""


class Role(StrEnum):
    """What a lane may see and do, whatever the office calls it."""

    REPORTER = "reporter"
    AGENT = "agent"
    SUPERIOR = "superior"
    PARTY = "party"
    FIELD = "field"
    THIRD_PARTY = "third_party"
    SUPERVISOR = "supervisor"
    HUMAS = "humas"


class Kind(StrEnum):
    """What a decision does, so that a face can treat kinds without knowing the names of one SOP."""

    ANSWER = "answer"
    ESCALATE = "escalate"
    POLICY = "policy"
    FORWARD = "forward"
    RETURN = "return"
    ACCEPT = "accept"
    REJECT = "reject"
    REDISTRIBUTE = "redistribute"
    HAND_OVER = "hand_over"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    ASK = "ask"
    CLOSE = "close"
    ATTEST = "attest"
    INSTRUCT = "instruct"
    PUBLISH = "publish"
    ARCHIVE = "archive"


Asked = Literal["none", "optional", "required"]
"""Whether a decision comes with a reason in words."""


class Code(Struct, frozen=True):
    """A named reason, chosen from a list."""

    id: str
    label: str


class Lane(Struct, frozen=True, kw_only=True):
    """A column of the SOP's table. `on_paper` False: added by a reading of ours, not drawn as a column."""

    id: str
    name: str
    role: Role
    sees_reporter: bool = True
    on_paper: bool = True
    note: str = ""


class Decision(Struct, frozen=True, kw_only=True):
    """A button of a step.

    `says` is what the reporter is told, "" for nothing; it may hold `{alasan}`. `cap` is how often one case may take
    it at this step (None: no loop); after that `instead` takes its place, or nothing when None. `closes`: the case is
    closed for the reporter with it, though a check of the supervisor may follow.
    """

    id: str
    label: str
    kind: Kind
    target: str
    reason: Asked = "none"
    codes: tuple[Code, ...] = ()
    says: str = ""
    closes: bool = False
    cap: int | None = None
    instead: "Decision | None" = None
    note: str = ""


class Step(Struct, frozen=True, kw_only=True):
    """A row of the SOP's table, or a stay outside it (`number` "").

    `speaks`: an answer to the reporter leaves in this step. `rung` counts from 1 within a ladder, else 0. `within`
    names the step whose clock goes on while the case stays here (a third party's work, a question to the reporter);
    `pause` of that step stops it instead. `routine` ("sekali", "harian", "bulanan"): standing work of the desk that no
    case visits. `state` is what the reporter reads while the case is here.
    """

    id: str
    number: str
    activity: str
    lane: str
    input: str = ""
    output: str = ""
    limit: Limit | None = None
    decisions: tuple[Decision, ...] = ()
    next: str = ""  # of a reporter's own act that is no stay: where the case goes by itself
    speaks: bool = False
    pause: bool = False
    optional: bool = False
    routine: str = ""
    within: str = ""
    ladder: str = ""
    rung: int = 0
    state: str = ""
    evidence: tuple[str, ...] = ()  # what the case must carry before the step is done, such as a photo
    remark: str = ""  # keterangan, the last column of the paper
    note: str = ""

    @property
    def hours(self) -> Hours | None:
        """Whether the step's minutes and hours run always, None without a limit."""
        return self.limit.hours if self.limit else None

    @property
    def visited(self) -> bool:
        """Whether a case stays here: not the reporter's own act in passing, not standing work."""
        return bool(self.decisions) and not self.routine


class Signer(Struct, frozen=True):
    """Who signed the paper, by role: "Disusun oleh", the office if the paper names it, the date if it does."""

    role: str
    office: str = ""
    signed: date | None = None


class Header(Struct, frozen=True, kw_only=True):
    """The facts of the paper's title box."""

    issue: str = ""
    made: date | None = None
    revised: date | None = None
    approved: date | None = None
    owner: str = ""
    purpose: str = ""
    scope: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    qualification: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    warning: str = ""
    record_keeping: str = ""
    related: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    signers: tuple[Signer, ...] = ()


class Settings(Struct, frozen=True, kw_only=True):
    """How this office reads its own limits. `calendar` is a name; "" takes the unit's."""

    calendar: str = ""
    hk: Workday = "jam_sama"
    hari: Day = "kerja"


class Procedure(Struct, frozen=True, kw_only=True):
    """One revision of one SOP. `limit` is a promise for the whole case, beside those of the steps."""

    id: str
    title: str
    number: str
    revision: str
    effective: date
    kind: Literal["ticket", "publication"]
    header: Header
    lanes: tuple[Lane, ...]
    steps: tuple[Step, ...]
    settings: Settings = Settings()
    limit: Limit | None = None
    on_breach: Literal["remind", "escalate"] = "remind"
    note: str = ""

    @property
    def tells(self) -> tuple[str, ...]:
        """The changes the reporter is told, as "step.decision", in paper order."""
        return tuple(
            f"{step.id}.{choice.id}" for step in self.steps for choice in step.decisions if choice.says
        )


class NoSuchStep(LookupError):
    """The revision has no step or lane of that name: a fault of the caller, or rows of another revision."""


def find_step(procedure: Procedure, step_id: str) -> Step | None:
    """The step of that id, None when the revision has none: a stay from before the case was bound to it."""
    return next((step for step in procedure.steps if step.id == step_id), None)


def step_of(procedure: Procedure, step_id: str) -> Step:
    """The step of that id. Raises NoSuchStep."""
    if found := find_step(procedure, step_id):
        return found
    raise NoSuchStep(f"{procedure.id}: {step_id}")


def lane_of(procedure: Procedure, lane_id: str) -> Lane:
    """The lane of that id. Raises NoSuchStep."""
    for lane in procedure.lanes:
        if lane.id == lane_id:
            return lane
    raise NoSuchStep(f"{procedure.id}: {lane_id}")


def speaker_lane(procedure: Procedure) -> str:
    """The one lane whose answer leaves for the reporter (UC3 Tata Cara 5), "" where nobody answers (Humas)."""
    return next((step.lane for step in procedure.steps if step.speaks), "")


def first_stay(procedure: Procedure) -> Step:
    """The step a new case is held at: the first that is not the reporter's own act nor standing work."""
    return next(step for step in procedure.steps if step.visited)


def landing(procedure: Procedure, target: str) -> Step | None:
    """The step at which a case stops that is sent to `target`, passing over the reporter's own acts; None at END."""
    while target != END:
        step = step_of(procedure, target)
        if step.visited:
            return step
        target = step.next or END
    return None
