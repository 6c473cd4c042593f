"""/berhenti/TOKEN: announcements and reminders end by one press, answers go on."""

from desk import ids, intake
from desk.desk import Desk
from sop.messages import Outgoing, Priority
from sop.unsubscribing import token_of
from store import contacts, outbox
from store.db import Change, View
from tests import samples
from tests.console.conftest import Browser

ADDRESS = "dewi@contoh.ac.id"


def announced(change: Change, to: str) -> int:
    letter = Outgoing(id=0, channel="mail", to=to, text="Libur", priority=Priority.BROADCAST, auto=True)
    return outbox.add(change, letter, now=samples.NOW, kind="notice")


def state(view: View, to: str = ADDRESS) -> str:
    found = contacts.address(view, "mail", to)
    return found.state if found else ""


async def test_reading_the_link_changes_nothing_and_one_press_ends_it(visitor: Browser, desk: Desk) -> None:
    await desk.db.write(
        intake.take_in,
        samples.incoming(channel="mail", key="<a@x.id>", sender=ADDRESS),
        ids.fresh(),
        desk.clock(),
    )
    letter = await desk.db.write(announced, ADDRESS)
    path = f"/berhenti/{token_of(desk.secret, letter)}"

    asked = await visitor.open(path)
    assert (asked.status_code, await desk.db.read(state)) == (200, "reachable")

    done = await visitor.press(path)
    assert (done.status_code, await desk.db.read(state)) == (200, "opted_out")
    waiting = await desk.db.read(outbox.get, letter)
    assert waiting is not None and waiting.state == "withdrawn"


async def test_a_mail_program_ends_it_by_its_own_button(visitor: Browser, desk: Desk) -> None:
    """RFC 8058, for an address that never wrote to us."""
    letter = await desk.db.write(announced, "umum@example.org")
    path = f"/berhenti/{token_of(desk.secret, letter)}"
    for _ in range(2):
        answer = await visitor.http.post(path, data={"List-Unsubscribe": "One-Click"})

        assert answer.status_code == 200
    assert await desk.db.read(state, "umum@example.org") == "opted_out"


async def test_a_forged_link_ends_nothing(visitor: Browser, desk: Desk) -> None:
    letter = await desk.db.write(announced, ADDRESS)
    other = token_of("another-secret-of-someone", letter)
    absent = token_of(desk.secret, letter + 1)

    answers = [await visitor.http.post(f"/berhenti/{token}") for token in (other, absent, "1", "%00")]

    assert {each.status_code for each in answers} == {404}
    assert await desk.db.read(state) == ""
