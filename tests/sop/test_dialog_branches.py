"""Of more categories than one list holds the topmost are offered, then their branches (sop/dialog_topics.py)."""

from msgspec.structs import replace

from sop.dialog_state import Say
from sop.office import Category, Office
from tests.sop.dialog_stage import OFFICE, START, Stage, after


def wide() -> Office:
    """More categories than one menu holds: two fields, of which one has thirteen branches."""
    field = Category(id=50, code="sarana", name="Sarana")
    other = Category(id=51, code="lain", name="Lain-lain")
    below = (
        Category(id=number, code=f"s{number}", name=f"Sarana {number}", parent=50) for number in range(60, 73)
    )
    return replace(OFFICE, categories={each.id: each for each in (field, other, *below)}, words={})


def test_of_too_many_categories_the_topmost_are_offered_then_their_branches() -> None:
    stage = Stage(wide())

    first = stage.person("Tolong diperbaiki", START)
    assert first.state.options == ("kat:sarana", "kat:lain", "lewati")
    second = stage.person("[kat:sarana]", after(20))
    assert second.say == (Say.COMPLETE, Say.BRANCH)
    assert second.menu and second.state.options == tuple(f"kat:s{number}" for number in range(60, 72))
    third = stage.person("3", after(40))

    assert third.say == (Say.COMPLETE,)
    assert not third.menu
    assert stage.tickets[1001].categories == (62,)


def test_a_branch_may_be_chosen_before_any_words() -> None:
    stage = Stage(wide())
    stage.person("laporan baru", START)

    chosen = stage.person("[baru:sarana]", after(5))
    stage.person("[baru:s61]", after(10))
    stage.person("Atapnya bocor", after(20))

    assert chosen.say == (Say.CHOSEN, Say.BRANCH)
    assert stage.tickets[1001].categories == (61,)


def test_who_ignores_the_branches_has_said_enough() -> None:
    stage = Stage(wide())
    stage.person("Tolong diperbaiki", START)
    stage.person("[kat:sarana]", after(20))

    turn = stage.person("Di gedung B", after(90))

    assert turn.say == ()
    assert stage.tickets[1001].categories == (50,)
