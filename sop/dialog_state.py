"""The values of the intake talk: where it stands, what was heard, what is known, and what follows. Pure."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from sop.conversation import Joining
from sop.identity import Claim
from sop.office import Category
from sop.ticket import Status, Ticket


class Need(StrEnum):
    """What a ticket may lack. Photo and location are demanded by its category, the others may be left out."""

    CATEGORY = "category"
    IDENTITY = "identity"
    PHOTO = "photo"
    LOCATION = "location"


DEMANDED = frozenset({Need.PHOTO, Need.LOCATION})


class Say(StrEnum):
    """The sentences of the desk; `sop.dialog_words` has them in words."""

    GREETING = "greeting"
    HELP = "help"
    STATUS = "status"
    STOPPED = "stopped"
    NEW = "new"
    CHOSEN = "chosen"  # a category before any words
    BRANCH = "branch"  # it has branches, of which one may fit better
    RECEIVED = "received"  # the acknowledgement with the number
    ASK = "ask"  # what is missing
    INSIST = "insist"  # left out, but demanded
    COMPLETE = "complete"
    PASSED = "passed"  # left out, and that is well
    SETTLED = "settled"  # the category is an officer's by now
    TOPICS = "topics"  # what they hear of, and what there is
    NO_TOPICS = "no_topics"
    STOPPING = "stopping"  # which of them, or all
    WHICH = "which"  # of several open tickets
    PLACED = "placed"
    OFFER = "offer"  # to reopen
    REOPENED = "reopened"


class Topic(Struct, frozen=True):
    """What somebody may subscribe to."""

    id: int
    name: str


class State(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the talk of one conversation stands, beside its current ticket. The default: nothing is awaited.

    What was asked of the current ticket stays in `waits` until it is given or left out. `options` are the data of our
    last menu, so that "2" means the second.
    """

    waits: tuple[Need, ...] = ()
    given: tuple[Need, ...] = ()  # brought while the category was not known
    insisted: bool = False
    options: tuple[str, ...] = ()
    chosen: int = 0  # category for the report that is still to be written
    unit: int = 0  # unit whose door they came through, for that report
    category: int = 0  # category that the person gave the current ticket
    offer: int = 0  # ticket whose reopening was offered last
    focus_at: datetime | None = None  # when the person chose or named the current ticket
    which: tuple[int, ...] = ()  # tickets among which we asked
    which_of: int = 0  # where the words lie meanwhile
    which_at: datetime | None = None
    answers: tuple[datetime, ...] = ()  # when commands and buttons of the last minute were answered


class Heard(Struct, frozen=True, kw_only=True):
    """What the talk needs to know of a message. `again`: further words of one that is kept already (edit, album)."""

    text: str = ""
    button: str = ""
    photo: bool = False
    files: bool = False
    location: bool = False
    claims: tuple[Claim, ...] = ()
    suggests: int = 0  # category that its keywords name
    door: bool = False  # it came through a door of ours (a deep link), which leads to:
    unit: int = 0
    category: int = 0
    auto: bool = False  # a machine wrote it
    sign: bool = False  # an emoji set under a message: no words
    provider: str = ""  # "STOP", "START" or "HELP": the provider has answered that word itself
    again: bool = False


class Scene(Struct, frozen=True, kw_only=True):
    """What stands around the message. `current`: the conversation's ticket; `others`: the person's other open ones."""

    categories: tuple[Category, ...] = ()
    current: Ticket | None = None
    others: tuple[Ticket, ...] = ()
    named: Ticket | None = None  # by its number, or as a reply to one of our messages
    offered: bool = False  # to reopen the current ticket, and nobody has answered yet
    identified: bool = False  # the person said who they are, now or before
    unreachable: bool = False  # they stopped or blocked us, and write again
    threads: bool = False  # one matter has one conversation, as in mail: nobody is asked which
    said_at: datetime | None = None  # our last automatic word, also one that is still to leave
    subscribes: bool = False  # people subscribe to announcements on this channel
    at_once: bool = False  # a bare "stop" ends everything unasked, as WhatsApp's people expect
    topics: tuple[Topic, ...] = ()  # known where the message is about them
    hears: frozenset[int] = frozenset()

    def category(self, number: int) -> Category | None:
        return next((each for each in self.categories if each.id == number), None)

    def ticket(self, number: int) -> Ticket | None:
        """An open one of the person's, or the current one."""
        around = (*((self.current,) if self.current else ()), *self.others)
        return next((each for each in around if each.id == number), None)


class Open(Struct, frozen=True):
    """The message begins a ticket; `category` is the person's choice, `unit` the one whose door they came through, 0 for none."""

    category: int = 0
    unit: int = 0


class Join(Struct, frozen=True):
    """The message joins that ticket."""

    ticket: int
    how: Joining = Joining.JOIN


class Reopen(Struct, frozen=True):
    """The message joins the closed ticket and opens it again."""

    ticket: int


class TagCategory(Struct, frozen=True):
    """The person files the ticket; the case is routed by it while no officer has decided. `instead`: their choice before."""

    category: int
    instead: int = 0


class Suggest(Struct, frozen=True):
    """Later words name a category by its keywords: the case is routed by it, and filed by an officer."""

    category: int


class StateClaim(Struct, frozen=True):
    """The person answers who they are; merely stated."""

    claim: Claim


class NewMatter(Struct, frozen=True):
    """The next words begin a ticket."""


class Choose(Struct, frozen=True):
    """That ticket is the conversation's current one from now on."""

    ticket: int


class MoveWords(Struct, frozen=True):
    """What was said here since then belongs to the other ticket."""

    source: int
    target: int
    since: datetime


class Hear(Struct, frozen=True):
    """They subscribe to that topic."""

    topic: int


class Unhear(Struct, frozen=True):
    """They hear of that topic no more."""

    topic: int


class Stop(Struct, frozen=True):
    """No automatic word and no notice more, until they write again; every subscription ends."""


class Resume(Struct, frozen=True):
    """They write again."""


Kept = Open | Join | Reopen
Effect = (
    Kept | TagCategory | Suggest | StateClaim | NewMatter | Choose | MoveWords | Hear | Unhear | Stop | Resume
)


class Turn(Struct, frozen=True, kw_only=True):
    """What follows from a message. All sentences of `say` are one message, which may leave at `at` (None: at once).

    `answer`: the person asked for it, by a command or a button; anything else is an automatic word.
    """

    state: State
    effects: tuple[Effect, ...] = ()
    say: tuple[Say, ...] = ()
    needs: tuple[Need, ...] = ()  # what ASK and INSIST speak of
    category: int = 0  # the category that is spoken of
    menu: bool = False  # the state's options are shown as buttons
    answer: bool = False
    at: datetime | None = None

    @property
    def kept(self) -> Kept | None:
        """What becomes of the message; None: it is not a word of any ticket."""
        return next((each for each in self.effects if isinstance(each, Open | Join | Reopen)), None)


def needs_of(category: Category | None, given: tuple[Need, ...], menu: bool) -> tuple[Need, ...]:
    """What a ticket of that category still lacks. `menu`: there are categories to choose from."""
    if category is None:
        return (Need.CATEGORY,) if menu else ()
    wanted = (
        (Need.IDENTITY, category.identity != "none"),
        (Need.PHOTO, category.needs_photo),
        (Need.LOCATION, category.needs_location),
    )
    return tuple(need for need, needed in wanted if needed and need not in given)


def brought(heard: Heard, *, identified: bool) -> tuple[Need, ...]:
    """What a message gives."""
    gives = (
        (Need.IDENTITY, identified),
        (Need.PHOTO, heard.photo),
        (Need.LOCATION, heard.location),
    )
    return tuple(need for need, there in gives if there)


def is_open(ticket: Ticket) -> bool:
    return ticket.status is not Status.CLOSED
