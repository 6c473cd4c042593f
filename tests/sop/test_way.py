"""The ways of an answer: what WhatsApp's window allows, whose address may be used, and when the holder is reminded."""

from datetime import UTC, datetime, timedelta

import pytest

from sop.calendar import office_hours
from sop.provider_template import fill, holes_in, state_words
from sop.way import (
    BLOCKED,
    LATE,
    NO_TEMPLATE,
    STOPPED,
    Known,
    NoSuchWay,
    Plan,
    WayClosed,
    asks_for_answer,
    chosen,
    elsewhere,
    looks_at,
    masked,
    remind_at,
    ways,
)

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 09.00 WIB
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)


def known(conversation: int = 1, channel: str = "whatsapp", **facts: object) -> Known:
    told: dict[str, object] = {
        "to": f"whatsapp:+62812000044{conversation:02}",
        "state": "reachable",
        "last_in_at": NOW,
        "wrote": True,
    }
    return Known(conversation=conversation, channel=channel, **(told | facts))  # type: ignore[arg-type]  # facts of a test


@pytest.mark.parametrize(
    ("after", "state", "template", "plan", "reason"),
    [
        (DAY - timedelta(seconds=1), "reachable", True, Plan.FREE, ""),
        (DAY, "reachable", True, Plan.TEMPLATE, LATE),
        (DAY, "reachable", False, Plan.NONE, NO_TEMPLATE),
        (DAY, "opted_out", True, Plan.NONE, STOPPED),
        (HOUR, "opted_out", True, Plan.FREE, ""),
        (HOUR, "blocked", True, Plan.NONE, BLOCKED),
    ],
)
def test_the_window_decides_what_happens_to_an_answer(
    after: timedelta, state: str, template: bool, plan: Plan, reason: str
) -> None:
    (way,) = ways(1, [known(state=state)], NOW + after, template=template)

    assert (way.plan, way.reason, way.until) == (plan, reason, NOW + DAY)


def test_where_there_is_no_window_an_answer_is_free_for_ever() -> None:
    (way,) = ways(1, [known(channel="telegram", to="7001")], NOW + 100 * DAY, template=False)

    assert (way.plan, way.until) == (Plan.FREE, None)


def test_only_addresses_of_the_person_are_ways_and_each_once() -> None:
    found = ways(
        9,
        [
            known(9),
            known(8, "mail", to="dewi@contoh.ac.id"),
            known(7, "mail", to="dewi@contoh.ac.id"),
            known(6, "telegram", to="7001", wrote=False),
            known(5, "telegram", to="7002", state="blocked"),
            known(4, "web", to="x"),
            known(3, "telegram", to="7003", wrote=False, confirmed=True),
        ],
        NOW,
        template=True,
    )

    assert [each.conversation for each in found] == [9, 8, 3]


def test_an_answer_takes_the_first_way_that_carries_it_or_the_one_that_was_chosen() -> None:
    found = ways(1, [known(1), known(2, "mail", to="dewi@contoh.ac.id")], NOW + DAY, template=False)

    assert [each.plan for each in found] == [Plan.NONE, Plan.FREE]
    assert chosen(found) == found[1]
    assert chosen(found, by=2) == found[1]
    assert chosen(found[:1]) is None
    with pytest.raises(WayClosed):
        chosen(found, by=1)
    with pytest.raises(NoSuchWay):
        chosen(found, by=3)


def test_a_channel_comes_before_the_telephone() -> None:
    found = ways(
        1,
        [known(1), known(2, "counter", to="+6281"), known(3, "mail", to="a@b.id")],
        NOW + DAY,
        template=True,
    )

    other = elsewhere(found, besides=1)
    assert other and other.conversation == 3
    assert elsewhere(found[:2], besides=1) == found[1]
    assert elsewhere(found[:1], besides=1) is None


@pytest.mark.parametrize(
    ("channel", "to", "shown"),
    [
        ("whatsapp", "whatsapp:+628123334471", "+62 812-••••-4471"),
        ("mail", "rizky.p@mhs.contoh.ac.id", "riz••@mhs.contoh.ac.id"),
        ("telegram", "221040037", "2210••••37"),
        ("counter", "+628123334471", "+62 812-••••-4471"),
    ],
)
def test_no_way_shows_its_whole_address(channel: str, to: str, shown: str) -> None:
    assert masked(channel, to) == shown


@pytest.mark.parametrize(
    ("last", "reminded"),
    [
        (NOW + 3 * HOUR, NOW + DAY + HOUR),  # 12.00: tomorrow 10.00
        (NOW, NOW + 6 * HOUR + 45 * timedelta(minutes=1)),  # closes 09.00: today 15.45
        (NOW + 4 * DAY + 6 * HOUR, NOW + 4 * DAY + 7.25 * HOUR),  # Friday 15.00: today 16.15
    ],
)
def test_the_holder_is_reminded_while_somebody_works(last: datetime, reminded: datetime) -> None:
    first = looks_at("whatsapp", last)

    assert first is not None
    assert remind_at(last + DAY, first, office_hours()) == reminded
    assert looks_at("telegram", last) is None


@pytest.mark.parametrize(
    "text", ["Ya", "ya, mau", "Oke", "Terima kasih", "Lihat jawaban", "boleh pak", "mana jawabannya"]
)
def test_a_word_that_only_asks_for_the_answer(text: str) -> None:
    assert asks_for_answer(text)


@pytest.mark.parametrize("text", ["Masih belum bisa", "ya tapi KRS saya tetap terkunci", "", "berapa lama"])
def test_a_word_that_says_more(text: str) -> None:
    assert not asks_for_answer(text)
    assert not asks_for_answer("ya", files=True)
    assert asks_for_answer(text, button=True)


def test_a_templates_holes_are_never_empty_and_hold_one_line() -> None:
    text, variables = fill(
        "Yth. {{1}}, jawaban tiket {{2}} tersedia.", ("nama", "nomor"), {"nama": "", "nomor": "#10\n01"}
    )

    assert text == "Yth. Bapak/Ibu, jawaban tiket #10 01 tersedia."
    assert variables == {"1": "Bapak/Ibu", "2": "#10 01"}
    assert holes_in("{{2}} {{1}} {{2}} {{ 10 }}") == ("1", "2", "10")
    assert (state_words("approved"), state_words("brand_new")) == ("Disetujui", "brand_new")
