"""What a citizen writes is words everywhere: in templates' holes, outgoing letters, previews, exports and searches."""

import io
import json

import pytest

from desk import answer, exports, sheets, templates
from desk.intake import take_in
from desk.replies import read as read_reply
from sop.preview import preview
from store import office as offices
from store import outbox, tickets
from store.db import Change, Database
from tests.samples import NOW, ids, incoming, officer, small_office

HOSTILE = "{{ 7*7 }} {% raw %} <script>alert(1)</script> ${7*7} #{7*7} %s {0.__class__} *tebal* _miring_"


@pytest.fixture
async def told(db: Database) -> Database:
    await small_office(db)
    await db.write(take_in, incoming(HOSTILE, name=HOSTILE[:60]), ids(), NOW)
    return db


async def test_holes_hold_them_as_written(told: Database) -> None:
    ticket = await told.read(tickets.find, 1001)
    assert ticket is not None
    holes = templates.values(await told.read(offices.current), ticket, await officer(told), NOW)

    filled = templates.fill("{{ nama }}|{{ pokok }}", holes)

    assert filled.text == f"{ticket.name}|{ticket.subject}"
    assert "{{ 7*7 }}" in filled.text
    assert "49" not in filled.text


async def test_letters_carry_them_as_written(told: Database) -> None:
    sari = await officer(told)
    await told.write(answer.reply, "1001", sari, HOSTILE, key="", ids=ids(), now=NOW)

    def leaving(change: Change) -> list[str]:
        change.run("UPDATE outbox SET state = 'sent' WHERE kind = 'notice'")
        return [each.outgoing.text for each in outbox.claim(change, "telegram", NOW, 20)]

    assert await told.write(leaving) == [HOSTILE]


@pytest.mark.parametrize("channel", ["telegram", "mail", "web", "counter"])
def test_previews_show_them_as_written(channel: str) -> None:
    shown = preview(channel, HOSTILE)

    assert "".join(piece.text for part in shown.parts for piece in part) == HOSTILE


@pytest.mark.parametrize("form", ["jsonl", "csv"])
async def test_exports_hold_them_as_written(told: Database, form: str) -> None:
    names = await told.read(exports.names, NOW)
    batch = await told.read(exports.batch, "messages", 0, 10, names)
    file = io.BytesIO()
    with sheets.writer(form, file, "Asia/Jakarta") as writer:
        for _, record in batch.rows:
            writer.add(record)

    text = file.getvalue().decode("utf-8-sig")
    assert (HOSTILE if form == "csv" else json.dumps(HOSTILE)[1:-1]) in text
    assert "49" not in text.replace("2026", "").split("alert")[0]


def test_a_template_whose_words_are_a_citizens_is_refused() -> None:
    file, faults = read_reply(f"---\nkode: a\nnama: A\n---\n{HOSTILE}")

    assert file is None
    assert [fault.line for fault in faults] == [5]
