"""The intake talk as one state machine: what a message means here, and what the desk says and does. Pure and channel-neutral.

Every word of a person is kept in a ticket at once; asked is only what is missing, each thing once. An automatic word
leaves at most once a minute, none to machines; commands and buttons are answered at once, a few times a minute.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from sop import dialog_topics
from sop.conversation import QUIET, Joining, joining, thanks
from sop.dialog_menus import (
    NEW,
    SKIP,
    asking,
    entered,
    menu_of,
    new_matter,
    pressed,
    reopened,
    reopening,
    skipped,
)
from sop.dialog_reading import Word, agrees, bare, choice, identity_in, known, names_place, read, skips
from sop.dialog_state import (
    Choose,
    Effect,
    Heard,
    Join,
    Need,
    Open,
    Resume,
    Say,
    Scene,
    State,
    StateClaim,
    Stop,
    Suggest,
    Turn,
    brought,
    is_open,
    needs_of,
)
from sop.ticket import Ticket

FOCUS = timedelta(hours=1)  # so long words belong to the ticket that was begun or chosen last
ANSWERS = 5  # commands and buttons of one conversation that are answered in a minute
LATEST = 2 * QUIET  # an automatic word that would wait longer is not said


def step(state: State, heard: Heard, scene: Scene, now: datetime) -> Turn:
    """The next turn of the talk."""
    if heard.auto or heard.sign:
        return _silent(state, heard, scene, now)
    if heard.again:
        return _paced(_fill(state, heard, scene, (), now), scene, now)
    turn = _meant(state, heard, scene, now)
    if scene.unreachable and Stop() not in turn.effects:
        turn = replace(turn, effects=(Resume(), *turn.effects))
    return _paced(turn, scene, now)


def _meant(state: State, heard: Heard, scene: Scene, now: datetime) -> Turn:
    if heard.provider:
        return Turn(state=state, effects=(Stop(),) if heard.provider == "STOP" else ())
    word = Word.PLAIN if heard.files or heard.button else read(heard.text)
    if heard.door and word is Word.START:
        return entered(state, heard, scene)
    if word is Word.TOPICS and not scene.subscribes:
        word = Word.PLAIN
    if word is not Word.PLAIN:
        return _command(state, word, heard, scene)
    if heard.door and not heard.button:
        begun = State(chosen=heard.category, unit=heard.unit, answers=state.answers)
        return _opened(begun, heard, replace(scene, current=None))
    data = heard.button or ("" if heard.files else choice(heard.text, state.options))
    act, _, of = data.partition(":")
    if act in (dialog_topics.TOPIC, dialog_topics.LEAVE):
        return dialog_topics.pressed(state, act, of, scene) or Turn(state=state)
    if data and (turn := pressed(state, data, heard, scene, now)):
        return turn
    if state.waits and not heard.files and skips(heard.text) and scene.current and is_open(scene.current):
        return skipped(state, scene.current)
    if heard.button:
        return Turn(state=state)  # a button of long ago
    return _words(state, heard, scene, now)


def _silent(state: State, heard: Heard, scene: Scene, now: datetime) -> Turn:
    """A machine's mail is kept and never answered; an emoji under a message is kept where there is a ticket."""
    ticket = scene.named or scene.current
    how = joining(ticket, heard.text, now, auto=True)
    if ticket is not None and how is not Joining.NEW:
        return Turn(state=state, effects=(Join(ticket.id, Joining.QUIET if heard.sign else how),))
    return Turn(state=state, effects=() if heard.sign else (Open(),))


def _command(state: State, word: Word, heard: Heard, scene: Scene) -> Turn:
    """A command opens no ticket and is answered at once."""
    match word:
        case Word.START:
            said = asking(replace(state, options=menu_of(scene, NEW)))
            return replace(said, say=(Say.GREETING,))
        case Word.NEW:
            return new_matter(state, scene)
        case Word.STOP if scene.subscribes and not (scene.at_once and bare(heard.text)):
            return dialog_topics.ending(state, scene)
        case Word.STOP:
            return dialog_topics.stopped(state)
        case Word.TOPICS:
            return dialog_topics.offered(state, scene)
        case Word.STATUS:
            return Turn(state=state, say=(Say.STATUS,), answer=True)
        case _:
            return Turn(state=state, say=(Say.HELP,), answer=True)


def _words(state: State, heard: Heard, scene: Scene, now: datetime) -> Turn:
    """Plain words: they begin a ticket, or join the one they mean."""
    target, among = _meaning(state, heard, scene, now)
    how = joining(target, heard.text, now, files=heard.files)
    if target is None or how is Joining.NEW:
        return _opened(state, heard, scene)
    offered = scene.offered and scene.current is not None and target.id == scene.current.id
    if offered and agrees(heard.text):
        return reopened(state, target)
    here: tuple[Effect, ...] = ()
    if scene.current is None or target.id != scene.current.id:
        here = (Choose(target.id),)
        state = State(answers=state.answers, which=state.which)
    if scene.named:
        state = replace(state, focus_at=now)
    here = (*here, Join(target.id, how))
    if how is Joining.OFFER and not offered:
        after = replace(state, waits=(), offer=target.id, options=reopening(target))
        return Turn(state=after, effects=here, say=(Say.OFFER,), menu=True)
    if how is not Joining.JOIN:
        return Turn(state=state, effects=here)
    if among:
        return _which(state, here, target, among, now)
    return _fill(state, heard, scene, here, now)


def _meaning(
    state: State, heard: Heard, scene: Scene, now: datetime
) -> tuple[Ticket | None, tuple[Ticket, ...]]:
    """The ticket that words belong to; and, when nothing tells which, all that could be meant."""
    current = scene.current
    if scene.named or current is None or scene.threads:
        return scene.named or current, ()
    around = tuple(each for each in scene.others if each.id != current.id)
    if not around or thanks(heard.text) or in_focus(state, current, now):
        return current, ()
    if not is_open(current) and joining(current, heard.text, now, files=heard.files) is Joining.NEW:
        return None, ()
    meanwhile = current if is_open(current) else around[0]
    return meanwhile, (current, *around)


def in_focus(state: State, current: Ticket, now: datetime) -> bool:
    """The person is still speaking of the ticket that they began or chose last."""
    last = max(filter(None, (state.focus_at, current.opened_at)))
    return is_open(current) and timedelta(0) <= now - last < FOCUS


def _which(
    state: State, here: tuple[Effect, ...], target: Ticket, among: tuple[Ticket, ...], now: datetime
) -> Turn:
    """Ask once which of several tickets is meant; until then the words lie with one of them."""
    ids = tuple(sorted(each.id for each in among))
    if state.which == ids:
        return Turn(state=state, effects=here)
    options = (*(f"tiket:{each.id}" for each in among), NEW)
    after = replace(state, options=options, which=ids, which_of=target.id, which_at=now)
    return Turn(state=after, effects=here, say=(Say.WHICH,), menu=True)


def _opened(state: State, heard: Heard, scene: Scene) -> Turn:
    """A ticket at once; what it lacks is asked with its number."""
    category = scene.category(state.chosen or heard.suggests)
    given = brought(heard, identified=scene.identified)
    waits = needs_of(category, given, menu=bool(scene.categories))
    menu = Need.CATEGORY in waits
    after = State(
        waits=waits,
        given=given if menu else (),
        category=state.chosen,
        options=(*menu_of(scene, "kat"), SKIP) if menu else (),
        answers=state.answers,
    )
    return Turn(
        state=after,
        effects=(Open(state.chosen, state.unit),),
        say=(Say.RECEIVED, Say.ASK) if waits else (Say.RECEIVED,),
        needs=waits,
        category=category.id if category else 0,
        menu=menu,
    )


def _fill(state: State, heard: Heard, scene: Scene, here: tuple[Effect, ...], now: datetime) -> Turn:
    """Further words may bring what is missing; the last of it is confirmed."""
    claims = identity_in(heard.text) if Need.IDENTITY in state.waits else heard.claims
    stated = tuple(StateClaim(each) for each in claims if each not in heard.claims)
    place = heard.location or (Need.LOCATION in state.waits and names_place(heard.text))
    gives = brought(replace(heard, location=place), identified=scene.identified or any(map(known, claims)))
    effects = (*here, *stated)
    if Need.CATEGORY in state.waits:
        return _named_category(state, heard, scene, effects, gives)
    left = tuple(need for need in state.waits if need not in gives)
    done = bool(state.waits) and not left
    if left == state.waits:
        return Turn(state=state, effects=effects)
    after = replace(state, waits=left, insisted=state.insisted and not done)
    return Turn(state=after, effects=effects, say=(Say.COMPLETE,) if done else ())


def _named_category(
    state: State, heard: Heard, scene: Scene, effects: tuple[Effect, ...], gives: tuple[Need, ...]
) -> Turn:
    """While the category is open: what is brought is remembered, and a keyword decides."""
    given = tuple(dict.fromkeys((*state.given, *gives)))
    category = scene.category(heard.suggests)
    ticket = scene.current
    if category is None or ticket is None or ticket.decided or ticket.categories:
        return Turn(state=replace(state, given=given), effects=effects)
    waits = needs_of(category, given, menu=True)
    after = replace(state, waits=waits, given=(), options=())
    effects = (*effects, Suggest(category.id))
    return Turn(
        state=after, effects=effects, say=(Say.ASK,) if waits else (), needs=waits, category=category.id
    )


def _paced(turn: Turn, scene: Scene, now: datetime) -> Turn:
    """When the words may leave: an answer at once, an automatic word a minute after the last one, or not at all."""
    if not turn.say:
        return turn
    if turn.answer:
        recent = tuple(at for at in turn.state.answers if timedelta(0) <= now - at < QUIET)
        if len(recent) >= ANSWERS:
            return mute(replace(turn, state=replace(turn.state, answers=recent)))
        return replace(turn, state=replace(turn.state, answers=(*recent, now)))
    last = scene.said_at
    if last is None or now - last >= QUIET or last - now > LATEST:  # the latter: the clock went back
        return turn
    at = last + QUIET
    return replace(turn, at=at) if at - now <= LATEST else mute(turn)


def mute(turn: Turn) -> Turn:
    """The same without words: nothing is said, so nothing was asked."""
    state = replace(turn.state, options=() if turn.menu else turn.state.options)
    if Say.ASK in turn.say:
        state = replace(state, waits=())
    if Say.WHICH in turn.say:
        state = replace(state, which=(), which_of=0, which_at=None)
    if Say.OFFER in turn.say:
        state = replace(state, offer=0)
    return replace(turn, state=state, say=(), needs=(), menu=False)
