"""Menus of the intake talk: the data of their buttons, and what follows when one is pressed or its number typed. Pure."""

from datetime import datetime

from msgspec.structs import replace

from sop.dialog_state import (
    DEMANDED,
    Choose,
    Effect,
    Heard,
    Join,
    MoveWords,
    NewMatter,
    Reopen,
    Say,
    Scene,
    State,
    TagCategory,
    Turn,
    brought,
    is_open,
    needs_of,
)
from sop.office import Category
from sop.ticket import Ticket

MENU = 12  # categories in a menu
SKIP, NEW = "lewati", "baru"


def new_matter(state: State, scene: Scene) -> Turn:
    fresh = State(options=menu_of(scene, NEW), answers=state.answers)
    return replace(asking(fresh), effects=(NewMatter(),), say=(Say.NEW,))


def entered(state: State, heard: Heard, scene: Scene) -> Turn:
    """Greeted at a door: the next words begin a ticket of where it leads."""
    fresh = State(unit=heard.unit, answers=state.answers)
    category = scene.category(heard.category)
    if category is None:
        fresh = replace(fresh, options=menu_of(scene, NEW))
        return replace(asking(fresh), effects=(NewMatter(),), say=(Say.GREETING,))
    turn = _chosen(fresh, category, scene)
    return replace(turn, effects=(NewMatter(),), say=(Say.GREETING, *turn.say))


def asking(state: State) -> Turn:
    """An answer that shows the state's options as buttons."""
    return Turn(state=state, answer=True, menu=bool(state.options))


def menu_of(scene: Scene, act: str) -> tuple[str, ...]:
    """`act` is "kat" for the current ticket or "baru" for the next. Too many for one menu: the topmost, then their branches."""
    found = scene.categories
    if len(found) > MENU:
        there = {each.id for each in found}
        found = tuple(each for each in found if each.parent not in there)[:MENU]
    return tuple(data_of(act, each) for each in found)


def branches_of(scene: Scene, act: str, category: Category) -> tuple[str, ...]:
    """What hangs below the one that was chosen, where the first menu had no room for it."""
    if len(scene.categories) <= MENU:
        return ()
    below = (each for each in scene.categories if each.parent == category.id)
    return tuple(data_of(act, each) for each in below)[:MENU]


def data_of(act: str, category: Category) -> str:
    """A button's data, at most 64 bytes."""
    data = f"{act}:{category.code}"
    return data if len(data.encode()) <= 64 else f"{act}:#{category.id}"


def pressed(state: State, data: str, heard: Heard, scene: Scene, now: datetime) -> Turn | None:
    """A button was pressed, or its number typed. None: it means nothing here any more."""
    act, _, of = data.partition(":")
    ticket = scene.named or scene.current
    if act in ("kat", NEW) and of:
        category = next((each for each in scene.categories if data_of(act, each) == data), None)
        if category is None:
            return None
        if act == "kat" and ticket and is_open(ticket):
            return _filed(state, category, heard, scene, ticket)
        return _chosen(state, category, scene)
    if data == NEW:
        return new_matter(state, scene)
    if data == SKIP and state.waits and scene.current and is_open(scene.current):
        return skipped(state, scene.current, kept=not heard.button)
    if act == "tiket" and of.isdigit() and (target := scene.ticket(int(of))):
        return _placed(state, target, now)
    if act == "buka" and scene.offered and scene.current and of == str(scene.current.id):
        return reopened(state, scene.current)
    return None


def _chosen(state: State, category: Category, scene: Scene) -> Turn:
    """Category first (JSS step 1): the next words begin a ticket of it."""
    below = branches_of(scene, NEW, category)
    fresh = State(chosen=category.id, unit=state.unit, options=below, answers=state.answers)
    return Turn(
        state=fresh,
        effects=(NewMatter(),) if scene.current else (),
        say=(Say.CHOSEN, Say.BRANCH) if below else (Say.CHOSEN,),
        menu=bool(below),
        needs=needs_of(category, brought(Heard(), identified=scene.identified), menu=True),
        category=category.id,
        answer=True,
    )


def _filed(state: State, category: Category, heard: Heard, scene: Scene, ticket: Ticket) -> Turn:
    """The person files their own ticket; what an officer filed or decided stays. A typed number is a word of theirs."""
    typed = (Join(ticket.id),) if heard.text else ()
    if ticket.decided or set(ticket.categories) - {state.category}:
        return Turn(state=replace(state, options=()), effects=typed, say=(Say.SETTLED,), answer=True)
    if state.category == category.id:
        return Turn(state=state, effects=typed)
    mine = scene.current is not None and ticket.id == scene.current.id
    given = (*(state.given if mine else ()), *brought(heard, identified=scene.identified))
    waits = needs_of(category, given, menu=True)
    here: tuple[Effect, ...] = () if mine else (Choose(ticket.id),)
    below = branches_of(scene, "kat", category)
    said = Say.ASK if waits else Say.COMPLETE
    return Turn(
        state=State(
            waits=waits,
            options=below,
            category=category.id,
            focus_at=state.focus_at,
            answers=state.answers,
        ),
        effects=(*here, Join(ticket.id), TagCategory(category.id, state.category if mine else 0)),
        say=(said, Say.BRANCH) if below else (said,),
        menu=bool(below),
        needs=waits,
        category=category.id,
        answer=True,
    )


def skipped(state: State, ticket: Ticket, *, kept: bool = True) -> Turn:
    """What may be left out is; what the category demands is asked for once more, and no ticket waits for it."""
    effects = (Join(ticket.id),) if kept else ()
    left = tuple(need for need in state.waits if need in DEMANDED)
    if left and state.insisted:
        return Turn(state=state, effects=effects)
    after = replace(state, waits=left, given=(), options=(), insisted=bool(left))
    say = Say.INSIST if left else Say.PASSED
    return Turn(state=after, effects=effects, say=(say,), needs=left, category=state.category, answer=True)


def _placed(state: State, target: Ticket, now: datetime) -> Turn:
    """The person says which ticket they mean: what they wrote meanwhile goes there."""
    effects: list[Effect] = [Choose(target.id)]
    if state.which_at and state.which_of and state.which_of != target.id:
        effects.append(MoveWords(state.which_of, target.id, state.which_at))
    after = State(focus_at=now, answers=state.answers)
    if is_open(target):
        return Turn(state=after, effects=tuple(effects), say=(Say.PLACED,), answer=True)
    after = replace(after, offer=target.id, options=reopening(target))
    return replace(asking(after), effects=tuple(effects), say=(Say.OFFER,))


def reopening(ticket: Ticket) -> tuple[str, ...]:
    return (f"buka:{ticket.id}", NEW)


def reopened(state: State, ticket: Ticket) -> Turn:
    after = State(answers=state.answers)
    return Turn(state=after, effects=(Reopen(ticket.id),), say=(Say.REOPENED,), answer=True)
