"""/status/TOKEN: the reporter's own page, for who holds its secret and for nobody else."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from httpx2 import Response

from channels.web import Web
from desk import answer, decide, ids, staff, triage
from desk.decide import Choice
from desk.delivery import Delivery
from desk.desk import Desk
from sop.ticket import Status, Ticket
from store import conversations, messages, outbox, ratings, tickets, trail, visits
from tests import samples
from tests.console.conftest import Browser, Clock, arrived
from tests.console.test_public_form import send, ticket_of

HOUR = timedelta(hours=1)


async def reported(visitor: Browser, desk: Desk, **fields: Any) -> Ticket:
    ticket: Ticket = await ticket_of(desk, await send(visitor, **fields))
    await delivered(desk)
    return ticket


async def delivered(desk: Desk) -> None:
    await Delivery(desk.db, desk.clock, jitter=lambda: 0.0).drain({"web": Web()})


async def answered(desk: Desk, ticket: Ticket, text: str = "AC sudah diperbaiki.", **more: Any) -> Ticket:
    sari = await samples.officer(desk.db)
    done: Ticket = await desk.db.write(
        answer.reply, ticket.number, sari, text, key=text, ids=ids.fresh(), now=desk.clock(), **more
    )
    await delivered(desk)
    return done


async def tagged(desk: Desk, ticket: Ticket) -> None:
    sari = await samples.officer(desk.db)
    await desk.db.write(triage.tag, ticket.number, sari, "akun", key="tag", now=desk.clock())


async def press(visitor: Browser, ticket: Ticket, aksi: str, key: str = "", **fields: Any) -> Response:
    files = fields.pop("files", None)
    form = {"kunci": key or f"{aksi}-{ticket.number}-key-of-the-form", "aksi": aksi, **fields}
    visitor.page = await visitor.http.post(
        f"/status/{ticket.token}", data=form, files=files, follow_redirects=True
    )
    return visitor.page


async def fresh(desk: Desk, ticket: Ticket) -> Ticket:
    found = await desk.db.read(tickets.find, ticket.id)
    assert found is not None
    return found


def words_of(page: Response) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page.text))


async def test_the_page_says_the_state_the_promise_and_the_path_without_a_name(
    visitor: Browser, desk: Desk
) -> None:
    ticket = await reported(visitor, desk)
    await answered(
        desk,
        ticket,
        "Terima kasih, sedang kami periksa.",
    )
    page = await visitor.open(f"/status/{ticket.token}")

    assert "Perjalanan laporan" in page.text and "Laporan diterima" in page.text
    assert "sedang kami periksa" in page.text
    assert "Sari" not in page.text


async def test_lateness_is_said_plainly(visitor: Browser, desk: Desk, clock: Clock) -> None:
    ticket = await reported(visitor, desk)
    assert "09.15 WIB" in words_of(await visitor.open(f"/status/{ticket.token}"))
    clock.pass_by(2 * HOUR)

    page = words_of(await visitor.open(f"/status/{ticket.token}"))
    assert "terlambat 1 jam 45 menit dari janji 15 menit. Kami mohon maaf." in page


async def test_a_step_that_was_late_stays_late_on_the_path(
    visitor: Browser, desk: Desk, clock: Clock
) -> None:
    ticket = await reported(visitor, desk)
    clock.pass_by(2 * HOUR)
    sari = await samples.officer(desk.db)
    stay = await desk.db.read(visits.open_of, ticket.id)
    assert stay
    up = Choice(decision="lapor", visit=stay.id, reason="rahasia petugas")
    await decide.put(desk.db, ticket.number, sari, up, key="up", now=desk.clock())

    page = await visitor.open(f"/status/{ticket.token}")
    assert '<li class="done over"><b>Narahubung</b>' in page.text
    assert '<li class="now" aria-current="step"><b>Wakil Koordinator</b>' in page.text
    assert "rahasia petugas" not in page.text


async def test_internal_notes_and_words_not_sent_yet_are_not_shown(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    sari = await samples.officer(desk.db)
    await desk.db.write(
        answer.note, ticket.number, sari, "Catatan dalam", key="n", ids=ids.fresh(), now=desk.clock()
    )
    await desk.db.write(
        answer.reply, ticket.number, sari, "Masih antre", key="r", ids=ids.fresh(), now=desk.clock()
    )
    page = await visitor.open(f"/status/{ticket.token}")
    assert "Catatan dalam" not in page.text and "Masih antre" not in page.text

    await delivered(desk)
    assert "Masih antre" in (await visitor.open(f"/status/{ticket.token}")).text


async def test_further_words_join_the_ticket_once(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    for _ in range(2):
        page = await press(visitor, ticket, "kirim", isi="Ruangnya B.204, lantai dua.")

    assert page.text.count("Ruangnya B.204") == 1
    assert (await fresh(desk, ticket)).messages == 2


async def test_a_command_word_on_the_page_is_a_word(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    page = await press(visitor, ticket, "kirim", isi="berhenti")

    assert ">berhenti</p>" in page.text
    conversation = await desk.db.read(conversations.get, ticket.conversation)
    assert conversation.state == "reachable"


async def test_empty_words_are_refused_beside_the_form(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    page = await press(visitor, ticket, "kirim", isi="  ")

    assert page.status_code == 409 and "Isi masih kosong" in page.text


async def test_words_of_a_whatsapp_person_on_the_page_open_no_window(visitor: Browser, desk: Desk) -> None:
    number = await arrived(desk, channel="whatsapp", key="wa-1", sender="whatsapp:+6281233344712")
    ticket = await desk.db.read(tickets.find, int(number))
    assert ticket
    before = await desk.db.read(conversations.get, ticket.conversation)
    page = await press(visitor, ticket, "kirim", isi="Tambahan lewat halaman")

    after = await desk.db.read(conversations.get, ticket.conversation)
    assert (after.last_in_at, after.thread) == (before.last_in_at, before.thread)
    assert "Tambahan lewat halaman" in page.text and "kami kirim ke WhatsApp Anda" in page.text


async def test_an_answer_is_rated_once_it_was_given(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    early = await press(visitor, ticket, "nilai", key="early-key-of-the-form", nilai="5", tuntas="ya")
    assert early.status_code == 409 and "belum dijawab" in early.text

    await answered(desk, ticket)
    page = await press(visitor, ticket, "nilai", nilai="4", tuntas="ya", isi="Lebih cepat")
    assert "Penilaian Anda: 4 dari 5" in page.text
    rating = await desk.db.read(ratings.find, ticket.id)
    assert rating and (rating.score, rating.solved, rating.words) == (4, True, "Lebih cepat")
    assert "rated" in [each.kind for each in await desk.db.read(trail.of_case, ticket.id)]


async def test_not_solved_brings_the_case_back(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    await answered(desk, ticket)
    await press(visitor, ticket, "nilai", nilai="1", tuntas="belum", isi="Masih mati")

    again = await fresh(desk, ticket)
    assert again.status is Status.OPEN and again.due_at is not None


@pytest.mark.parametrize("score", ["", "0", "6", "5;DROP", "١"])
async def test_a_rating_has_a_number_from_one_to_five(visitor: Browser, desk: Desk, score: str) -> None:
    ticket = await reported(visitor, desk)
    await answered(desk, ticket)
    page = await press(visitor, ticket, "nilai", nilai=score, tuntas="ya")

    assert page.status_code == 409
    assert await desk.db.read(ratings.find, ticket.id) is None


async def test_who_needs_nothing_more_closes_an_answered_case(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    await tagged(desk, ticket)
    await answered(desk, ticket)
    page = await press(visitor, ticket, "selesai")

    assert (await fresh(desk, ticket)).status is Status.CLOSED
    assert "Laporan ditutup" in page.text
    assert await desk.db.read(visits.open_of, ticket.id) is None


async def test_without_a_category_the_agent_closes_it(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    await answered(desk, ticket)
    await press(visitor, ticket, "selesai")

    after = await fresh(desk, ticket)
    assert (after.status, after.unread) == (Status.ANSWERED, True)


async def test_a_report_is_withdrawn_by_its_reporter(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    unsure = await press(visitor, ticket, "cabut", key="unsure-key-of-form")
    assert unsure.status_code == 409 and (await fresh(desk, ticket)).status is Status.OPEN

    page = await press(visitor, ticket, "cabut", yakin="ya")
    after = await fresh(desk, ticket)
    assert (after.status, after.answered_at, after.step) == (Status.CLOSED, None, "")
    last = (await desk.db.read(visits.history, ticket.id))[-1]
    assert (last.decision, last.by) == ("cabut", None)
    assert "Laporan Anda cabut" in page.text


async def test_a_withdrawn_report_may_be_opened_again_within_a_week(
    visitor: Browser, desk: Desk, clock: Clock
) -> None:
    ticket = await reported(visitor, desk)
    await press(visitor, ticket, "cabut", yakin="ya")
    await press(visitor, ticket, "buka", isi="Ternyata belum selesai")

    assert (await fresh(desk, ticket)).status is Status.OPEN


async def test_after_a_week_a_closed_report_takes_no_words(
    visitor: Browser, desk: Desk, clock: Clock
) -> None:
    ticket = await reported(visitor, desk)
    await press(visitor, ticket, "cabut", yakin="ya")
    clock.pass_by(timedelta(days=8))
    page = await press(visitor, ticket, "kirim", isi="Halo")

    assert page.status_code == 409 and "sudah lama ditutup" in page.text


async def test_only_files_of_ones_own_conversation_are_given_out(visitor: Browser, desk: Desk) -> None:
    mine = await reported(visitor, desk, files={"lampiran": ("bukti.pdf", b"%PDF-1.7 milik saya")})
    other = await reported(visitor, desk, files={"lampiran": ("lain.pdf", b"%PDF-1.7 milik lain")})
    own, foreign = [
        (await desk.db.read(messages.of_ticket, each.id))[0].attachments[0].id for each in (mine, other)
    ]

    found = await visitor.http.get(f"/status/{mine.token}/berkas/{own}")
    assert found.content == b"%PDF-1.7 milik saya"
    assert found.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in found.headers["content-security-policy"]
    absent = await visitor.http.get(f"/status/{mine.token}/berkas/99999")
    refused = await visitor.http.get(f"/status/{mine.token}/berkas/{foreign}")
    assert (absent.status_code, refused.status_code) == (404, 404)
    assert same(absent.text) == same(refused.text)


def same(text: str) -> str:
    return re.sub(r"/berkas/\d+", "", text)


async def test_a_wrong_token_looks_as_if_nothing_were_there(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    wrong = ["x" * 22, ticket.token[:-1], ticket.token + "a", ticket.number, "%00", "a", "z" * 500]
    pages = [await visitor.http.get(f"/status/{each}") for each in wrong]

    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    posted = await visitor.http.post(
        f"/status/{'x' * 22}", data={"aksi": "cabut", "yakin": "ya", "kunci": "k" * 20}
    )
    assert posted.status_code == 404
    assert (await fresh(desk, ticket)).status is Status.OPEN


async def test_nothing_changes_by_reading(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    await visitor.open(f"/status/{ticket.token}?aksi=cabut&yakin=ya&kunci=kkkkkkkkkkkkkkkkkkkk")

    assert (await fresh(desk, ticket)).status is Status.OPEN


async def test_the_link_is_found_again_by_its_last_part(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    for typed in (ticket.token, f" https://care.example.ac.id/status/{ticket.token}?baru=1 "):
        found = await visitor.http.post("/status", data={"tautan": typed})
        assert found.headers["location"] == f"/status/{ticket.token}"
    wrong = await visitor.http.post("/status", data={"tautan": "1001"})
    assert wrong.status_code == 404


async def test_whoever_has_the_ball_hears_of_a_withdrawal(visitor: Browser, desk: Desk) -> None:
    ticket = await reported(visitor, desk)
    await desk.db.write(staff.offer_code, "sari", "staff", "KODE", desk.clock())
    await desk.db.write(staff.link, "staff", "8001", "KODE", desk.clock())
    await press(visitor, ticket, "cabut", yakin="ya")

    words = [each.outgoing.text for each in await desk.db.write(outbox.claim, "staff", desk.clock(), 50)]
    assert any("dicabut oleh pelapor" in each for each in words)
