"""The staff bot as officers meet it: each command and button is an act of the desk."""

import pytest

from desk import staff, triage
from desk.intake import take_in
from sop.ticket import Status
from store import messages, officers, outbox, tickets
from store.db import View
from tests.bots.bot_bench import buttons
from tests.bots.conftest import BUDI, HENDRA, SARI, STRANGER, Bench
from tests.samples import MINUTE, NOW, ids, incoming, officer


async def test_an_officer_links_takes_answers_tags_and_closes_by_chat(on_both: Bench) -> None:
    bench = on_both
    await bench.db.write(staff.offer_code, "budi", "staff", "ABCDE12345", NOW)
    number = await bench.ticket("UKT belum terverifikasi")
    async with bench.listening():
        assert "Budi" in await bench.writes("/hubungkan abcde12345", BUDI)
        assert f"#{number}" in await bench.writes("/antrean", BUDI)
        assert "dipegang Budi" in await bench.writes(f"/ambil {number}", BUDI)
        preview = await bench.writes(f"/balas {number} Sudah kami verifikasi.", BUDI)
        assert "belum terkirim" in preview and "Sudah kami verifikasi." in preview
        assert "Terkirim" in (await bench.presses("Kirim", BUDI))["text"]
        assert "berkategori keuangan" in await bench.writes(f"/kategori {number} keuangan", BUDI)
        assert "ditutup" in await bench.writes(f"/tutup {number}", BUDI)

    ticket = await bench.db.read(tickets.find, number)
    assert ticket is not None
    assert (ticket.status, ticket.categories) == (Status.CLOSED, (2,))
    said = [m.text for m in await bench.db.read(messages.of_ticket, number) if m.author]
    assert said == ["Sudah kami verifikasi."]


async def test_the_queue_shows_the_nearest_deadlines_with_a_button_each(bench: Bench) -> None:
    first = await bench.ticket("KRS saya terkunci")
    bench.clock.now += 5 * MINUTE
    second = await bench.ticket("Nilai belum keluar", key="7002", sender="7002")
    async with bench.listening():
        said = await bench.writes("/antrean")
        await bench.presses(f"tiket:{second}")

    head, _, *lines = said.split("\n")
    assert head == "Antrean pukul 09.05: 2 terbuka, 2 belum dipegang, 0 Anda pegang."
    assert lines == [
        f"#{first} KRS saya terkunci · sisa 10 mnt",
        f"#{second} Nilai belum keluar · sisa 15 mnt",
    ]
    assert "Nilai belum keluar" in bench.said()[-1] and "Belum dipegang." in bench.said()[-1]


async def test_english_aliases_do_the_same_in_the_officers_language(bench: Bench) -> None:
    number = await bench.ticket()
    async with bench.listening():
        await bench.writes(f"/take {number}")
        await bench.writes(f"/note {number} sudah ditelepon")

    ticket = await bench.db.read(tickets.find, number)
    assert ticket is not None and ticket.holder == (await officer(bench.db)).id
    notes = [m for m in await bench.db.read(messages.of_ticket, number) if m.direction == "note"]
    assert [note.text for note in notes] == ["sudah ditelepon"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/ambil", "Tulis misalnya: /ambil 1042"),
        ("/ambil segera", "“segera” bukan nomor tiket. Tulis misalnya: /ambil 1042"),
        ("/ambil 99999", "Tiket 99999 tidak ditemukan"),
        ("/catatan 1001", "/catatan 1042 Sudah ditelepon"),
        ("/ambill 1001", "Maksud Anda /ambil?"),
        ("/xyzzy", "Perintah /xyzzy tidak dikenal. Daftarnya: /bantuan"),
        ("/kategori 1001 tidakada", "Yang tersedia: akademik, akun, keuangan."),
        ("/tutup 1001", "belum berkategori"),
        ("/antrean entah", "/antrean saya"),
        ("halo", "Pesan biasa tidak diteruskan kepada pelapor"),
        ("/ambil \x00\u202e1O01", "“1O01” bukan nomor tiket"),
        ("/balas 1001 " + "a" * 4000, "Pratinjau #1001"),
    ],
)
async def test_a_mistake_is_answered_with_what_to_type(bench: Bench, text: str, words: str) -> None:
    await bench.ticket()
    async with bench.listening():
        assert words in await bench.writes(text)

    assert (await bench.db.read(waiting_parked)) == 0


def waiting_parked(view: View) -> int:
    return len(view.all("SELECT 1 AS one FROM parked"))


async def test_a_foreign_ticket_looks_like_an_absent_one(bench: Bench) -> None:
    foreign = await bench.ticket("UKT belum terverifikasi")
    async with bench.listening():
        for command in ("tiket", "ambil", "tutup", "balas", "kategori", "catatan"):
            there = await bench.writes(f"/{command} {foreign} akun")
            absent = await bench.writes(f"/{command} 99999 akun")
            assert there == absent.replace("99999", str(foreign)), command


async def test_who_is_not_linked_hears_only_how_to_link(bench: Bench) -> None:
    number = await bench.ticket()
    async with bench.listening():
        heard = {
            await bench.writes(text, STRANGER) for text in ("halo", f"/ambil {number}", "/start", "/bantuan")
        }
        wrong = await bench.writes("/hubungkan SALAH12345", STRANGER)

    assert len(heard) == 1 and "/hubungkan KODE" in heard.pop()
    assert wrong == "Kode tidak berlaku. Minta kode baru dari menu akun di konsol."
    ticket = await bench.db.read(tickets.find, number)
    assert ticket is not None and ticket.holder is None


async def test_in_a_reply_to_a_card_the_number_may_be_left_out(bench: Bench) -> None:
    number = await bench.ticket()
    async with bench.listening() as bot:
        await bench.drain(bot)
        card = bench.card(f"ambil:{number}")["message_id"]
        assert "dipegang" in await bench.writes("/ambil", reply=card)
        preview = await bench.writes("/balas 2 hari lagi kami kabari.", reply=card)

    assert f"#{number}" in preview and "2 hari lagi kami kabari." in preview


async def test_a_used_button_becomes_what_was_done(bench: Bench) -> None:
    number = await bench.ticket()
    async with bench.listening() as bot:
        await bench.drain(bot)
        card = bench.card(f"ambil:{number}")["message_id"]
        bench.phone.press(SARI, card, "Ambil")
        second = bench.phone.press(SARI, card, "Ambil")
        await bench.quiet()

    shown = next(m for m in bench.provider.chat(SARI) if m["message_id"] == card)
    assert shown["text"].endswith(("Diambil Sari 09.00", "sudah Anda pegang."))
    assert "Diambil Sari 09.00" in shown["text"] or "sudah Anda pegang" in shown["text"]
    assert "Ambil" not in [button["text"] for button in buttons(shown)]
    assert bench.phone.answer(second) == {"text": f"Tiket #{number} sudah Anda pegang."}


async def test_a_ticket_that_a_colleague_holds_is_not_taken(bench: Bench) -> None:
    number = await bench.ticket()
    lestari = await officer(bench.db, "lestari")
    async with bench.listening() as bot:
        await bench.drain(bot)
        await bench.db.write(triage.take, str(number), lestari, key="konsol", now=NOW)
        answer = await bench.presses("Ambil")

    assert "dipegang Lestari" in answer["text"] and answer["show_alert"]
    assert "Dipegang Lestari." in bench.said()[-1]


async def test_a_preview_is_what_the_channel_will_carry(bench: Bench) -> None:
    number = await bench.ticket("Sandi SIAKAD saya lupa")
    async with bench.listening():
        preview = await bench.writes(f"/balas {number} sandi")
        await bench.presses("Kirim")

    ticket = await bench.db.read(tickets.find, number)
    assert ticket is not None
    letter = await bench.db.read(newest_letter, number)
    assert (
        letter.outgoing.text == f"Selamat pagi, Dewi. Sandi baru aktif 10 menit setelah diubah. (#{number})"
    )
    as_sent = f"{letter.outgoing.text}\n\nhttps://care.example.ac.id/status/{letter.outgoing.link}"
    assert as_sent in preview
    assert "Templat “Akun: sandi baru”." in preview


def newest_letter(view: View, ticket: int) -> outbox.Letter:
    row = view.one(
        "SELECT max(id) AS id FROM outbox WHERE ticket_id = :ticket AND channel = 'telegram'", ticket=ticket
    )
    letter = outbox.get(view, (row or {})["id"])
    assert letter is not None
    return letter


async def test_a_template_with_an_empty_hole_cannot_be_sent(bench: Bench) -> None:
    number = await bench.ticket("Sandi SIAKAD saya lupa", name="")
    async with bench.listening():
        preview = await bench.writes(f"/balas {number} sandi")

    assert "Isian belum terisi: nama." in preview
    assert buttons(bench.provider.chat(SARI)[-1]) == []


async def test_a_preview_that_was_replaced_sends_nothing(bench: Bench) -> None:
    number = await bench.ticket()
    async with bench.listening():
        await bench.writes(f"/balas {number} jawaban lama")
        old = bench.card("Kirim")["message_id"]
        await bench.writes(f"/balas {number} jawaban baru")
        refused = await bench.presses("Kirim", card=old)
        await bench.presses("Kirim")
        again = await bench.presses("Kirim", card=old)

    assert "sudah diganti" in refused["text"] and "sudah diganti" in again["text"]
    said = [m.text for m in await bench.db.read(messages.of_ticket, number) if m.author]
    assert said == ["jawaban baru"]


async def test_pressing_send_twice_sends_once_and_says_so(bench: Bench) -> None:
    number = await bench.ticket()
    async with bench.listening():
        await bench.writes(f"/balas {number} sekali saja")
        card = bench.card("Kirim")["message_id"]
        bench.phone.press(SARI, card, "Kirim")
        second = bench.phone.press(SARI, card, "Kirim")
        await bench.quiet()

    assert bench.phone.answer(second) == {"text": "Jawaban ini sudah terkirim."}
    said = [m.text for m in await bench.db.read(messages.of_ticket, number) if m.author]
    assert said == ["sekali saja"]


async def test_send_and_close_asks_for_the_category_and_sends_nothing_before(bench: Bench) -> None:
    number = await bench.ticket()
    async with bench.listening():
        await bench.writes(f"/balas {number} selesai")
        preview = bench.card("Kirim & tutup")["message_id"]
        refused = await bench.presses("Kirim & tutup")
        await bench.presses("Akademik")
        await bench.presses("Kirim & tutup", card=preview)

    assert "belum berkategori" in refused["text"]
    ticket = await bench.db.read(tickets.find, number)
    assert ticket is not None and ticket.status is Status.CLOSED
    said = [m.text for m in await bench.db.read(messages.of_ticket, number) if m.author]
    assert said == ["selesai"]


async def test_who_wrote_meanwhile_is_read_before_the_answer_leaves(bench: Bench) -> None:
    number = await bench.ticket()
    async with bench.listening():
        await bench.writes(f"/balas {number} sudah dibuka")
        await bench.db.write(
            take_in, incoming("Sudah bisa, terima kasih kak atas bantuannya"), ids(), NOW + MINUTE
        )
        refused = await bench.presses("Kirim")
        assert "Ada pesan baru" in refused["text"]
        assert any("Sudah bisa" in text for text in bench.said())
        await bench.presses("Kirim")

    said = [m.text for m in await bench.db.read(messages.of_ticket, number) if m.author]
    assert said == ["sudah dibuka"]


async def test_cancel_drops_the_draft(bench: Bench) -> None:
    number = await bench.ticket()
    async with bench.listening():
        await bench.writes(f"/balas {number} jangan dikirim")
        card = bench.card("Kirim")["message_id"]
        await bench.presses("Batal")

    shown = next(m for m in bench.provider.chat(SARI) if m["message_id"] == card)
    assert "Tidak jadi dikirim." in shown["text"] and not buttons(shown)


async def test_a_groups_ordinary_words_go_nowhere_and_its_unit_hears_cards(bench: Bench) -> None:
    supervisor = await officer(bench.db, "lestari")
    await bench.db.write(staff.offer_group_code, supervisor, "pusat", "GRUP123456", NOW)
    number = await bench.ticket()
    foreign = await bench.ticket("UKT belum terverifikasi", key="7002", sender="7002")
    group = bench.phone.group("Meja Narahubung")
    for user in (SARI, STRANGER):
        bench.phone.join(user, group)
    async with bench.listening() as bot:
        assert "belum terhubung" in await bench.writes(f"/tiket {number}", chat=group)
        assert "Kantor Pusat" in await bench.writes("/hubungkan GRUP123456", chat=group)
        assert await bench.writes("dia marah sekali", chat=group) == ""
        assert await bench.writes("/perintah_bot_lain", chat=group) == ""
        assert "tidak ditemukan" in await bench.writes(f"/tiket {foreign}", chat=group)
        assert "/hubungkan KODE" in await bench.writes(f"/ambil {number}", STRANGER, chat=group)
        assert f"#{number}" in await bench.writes(f"/tiket@petugas_contoh_bot {number}", chat=group)
        third = await bench.ticket("KRS lagi", key="7003", sender="7003")
        await bench.drain(bot)
        await bench.presses(f"ambil:{third}", chat=group)

    assert "Diambil Sari 09.00" in bench.said(group)[-1]
    outward = await bench.db.read(messages.of_ticket, number)
    assert [each.text for each in outward if each.author] == []


async def test_help_lists_every_command_and_menus_name_them_in_both_languages(bench: Bench) -> None:
    async with bench.listening():
        said = await bench.writes("/bantuan")
        await bench.provider.until(lambda: len(menus(bench)) == 4)

    names = [line.split()[0][1:] for line in said.split("\n") if line.startswith("/")]
    assert names == [
        "antrean",
        "tiket",
        "ambil",
        "balas",
        "templat",
        "kategori",
        "catatan",
        "tutup",
        "putus",
        "bantuan",
    ]
    assert [name for name, _ in menus(bench)["all_private_chats/"]] == names
    assert "queue" in [name for name, _ in menus(bench)["all_private_chats/en"]]
    assert all(words for menu in menus(bench).values() for _, words in menu)


def menus(bench: Bench) -> dict[str, list[tuple[str, str]]]:
    found = {}
    for call in bench.provider.calls:
        if call.method == "setMyCommands" and call.status == 200:
            name = f"{call.params['scope']['type']}/{call.params.get('language_code') or ''}"
            found[name] = [(one["command"], one["description"]) for one in call.params["commands"]]
    return found


async def test_templates_are_found_by_a_word(bench: Bench) -> None:
    async with bench.listening():
        assert "sandi: Akun: sandi baru" in await bench.writes("/templat diubah")
        assert "Tidak ada templat" in await bench.writes("/templat yangtidakada")


async def test_a_superior_sees_only_what_stood_with_their_lane(bench: Bench) -> None:
    number = await bench.ticket()
    await bench.link(HENDRA, "hendra")
    async with bench.listening():
        assert "tidak ditemukan" in await bench.writes(f"/tiket {number}", HENDRA)


async def test_a_disabled_officer_is_a_stranger(bench: Bench) -> None:
    await bench.db.write(staff.disable, "sari", NOW)
    async with bench.listening():
        assert "/hubungkan KODE" in await bench.writes("/antrean")
    assert await bench.db.read(officers.by_chat, "staff", str(SARI), NOW) is None


async def test_a_superior_decides_by_a_button_of_the_card_and_with_a_reason_by_command(bench: Bench) -> None:
    number = await bench.ticket()
    await bench.db.write(staff.grant, "hendra", lane="wk", unit="pusat", now=NOW)
    await bench.link(HENDRA, "hendra")
    bench.phone.start(HENDRA)
    async with bench.listening() as bot:
        await bench.quiet()
        assert "menunggu keputusan" in await bench.writes(f"/putus {number}")
        reported = await bench.writes(f"/putus {number} lapor Perlu kebijakan denda.")
        await bench.drain(bot)
        card = bench.card("Beri kebijakan", HENDRA)["message_id"]
        asked = await bench.presses("Beri kebijakan", HENDRA)
        decided = await bench.writes(f"/putus {number} kebijakan Bebaskan denda.", HENDRA)
        late = await bench.presses("Beri kebijakan", HENDRA, card=card)

    assert reported == f"#{number} · Lapor atasan: Sari 09.00"
    assert "memerlukan alasan" in asked["text"]
    assert f"/putus {number} kebijakan ALASAN" in "".join(bench.said(HENDRA))
    assert decided == f"#{number} · Beri kebijakan: Hendra 09.00"
    assert "Sudah diputuskan" in late["text"]
    shown = await bench.db.read(tickets.find, number)
    assert shown is not None and shown.step == "jawab"


async def test_a_decision_without_a_reason_is_two_taps(bench: Bench) -> None:
    number = await bench.ticket()
    async with bench.listening():
        await bench.writes(f"/putus {number}")
        decided = await bench.presses("Jawab")

    assert decided["text"] == f"#{number} · Jawab: Sari 09.00"
    assert bench.said()[-1].endswith(decided["text"])
    assert not buttons(bench.provider.chat(SARI)[-1])
