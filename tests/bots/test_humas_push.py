"""The Humas bot where an announcement leaves: order, hour, pause, hand tasks, errata, what may not have arrived."""

from datetime import datetime, timedelta

from demo import samples as samples_of_phone
from desk import sending
from desk.push_feed import PushFeed
from sop.messages import SendFailed
from store import narrations, pushes, targets
from store.db import Change
from tests.bots.humas_bench import LOGINS, PHONES, START, HumasBench, to_the_check, to_the_push
from tests.flows.publishing import Chain
from tests.offices import wib


async def test_a_new_narration_shows_what_it_changed_and_goes_back_to_the_check(humas: HumasBench) -> None:
    await to_the_push(humas)
    async with humas.listening() as bot:
        await humas.cards(bot)
        await humas.writes("petugas", "/lihat P-0101")
        await humas.presses("petugas", "Ubah naskah")
        said = await humas.writes("petugas", "Wisuda periode IV pada 13 Desember.")

    assert "versi 2" in said and "[-12-][+13+]" in said
    case = await humas.case()
    assert (case.version, case.step) == (2, "narasi")


async def test_a_reply_to_a_card_becomes_a_version_only_when_it_is_confirmed(humas: HumasBench) -> None:
    await to_the_check(humas)
    async with humas.listening() as bot:
        await humas.cards(bot)
        card, _ = humas.button("wk-humas", "periksa:")
        assert "Jadikan naskah versi 2?" in await humas.writes("wk-humas", "Wisuda 14 Desember.", reply=card)
        assert (await humas.case()).version == 1
        assert "versi 2 tersimpan" in await humas.presses("wk-humas", "Simpan")

    assert (await humas.case()).version == 2


async def test_it_is_scheduled_in_words_paused_resumed_and_the_hand_task_keyed_in(humas: HumasBench) -> None:
    await humas.db.write(add_hand, wib(START))
    chain = Chain(humas.db, target=humas.target)
    await chain.ask("02-18 08.30")
    await chain.go("wr3", "disposisi", "02-18 09.00")
    await chain.choose("bpkh", "02-18 09.10", humas.target, humas.target + 1)
    await chain.go("bpkh", "instruksi", "02-18 09.10")
    await chain.go("koor-pkih", "instruksi", "02-18 09.20")
    await chain.tick("wk-humas", "02-18 09.26")
    await chain.go("wk-humas", "layak", "02-18 09.26")
    await chain.go("wk-humas", "instruksi", "02-18 09.27")
    async with humas.listening() as bot:
        await humas.writes("petugas", "/lihat P-0101")
        await humas.presses("petugas", "Jadwalkan")
        assert "sudah lewat" in await humas.writes("petugas", "17/2/2026 10.00")
        assert "Menunggu waktunya" in await humas.writes("petugas", "hari ini 13.00")
        assert "13.00" in await humas.writes("wr3", "/kalender")
        assert "Dijeda" in await humas.presses("petugas", "Jeda")
        assert "Menunggu waktunya" in await humas.presses("petugas", "Lanjutkan")
        await humas.cards(bot)
        assert humas.public.went == []
        humas.at("02-18 13.00")
        await humas.cards(bot)
        await bot.progress.once()
        assert humas.public.went == ["-1001"]
        assert any("1 dari 1\nMenunggu tautan: 1" in words for words in humas.said("petugas"))
        await humas.writes("petugas", "/lihat P-0101")
        await humas.presses("petugas", "Isi tautan: Papan")
        assert "Bukti tercatat" in await humas.writes("petugas", "Gedung A, lantai 1")

    assert (await humas.case()).step == "arsip"


def add_hand(change: Change, now: datetime) -> int:
    return targets.add(
        change, kind="hand", channel="hand", address="", name="Papan", topic=None, unit=None, at=now
    )


async def test_nothing_leaves_before_the_order_whoever_asks(humas: HumasBench) -> None:
    await to_the_check(humas)
    async with humas.listening() as bot:
        for login in LOGINS:
            await humas.forges(login, "mulai:101:4")
            await humas.forges(login, f"pada:101:4:{int(wib('02-18 10.00').timestamp())}")
        humas.at("02-18 10.30")
        await humas.cards(bot)

    assert humas.public.went == []
    assert (await humas.case()).publish_at is None


async def test_an_erratum_is_written_by_a_lane_and_leaves_when_the_checker_approves(
    humas: HumasBench,
) -> None:
    await to_the_push(humas)
    async with humas.listening() as bot:
        await humas.writes("petugas", "/lihat 101")
        await humas.presses("petugas", "Sebar sekarang")
        await humas.cards(bot)
        await humas.writes("petugas", "/lihat 101")
        await humas.presses("petugas", "Ralat")
        said = await humas.writes("petugas", "Wisuda periode IV pada 13 Desember.")
        assert "Ralat menunggu pemeriksa" in said and "[-12-][+13+]" in said
        await humas.cards(bot)
        assert len(humas.public.went) == 1
        await humas.writes("petugas", "/lihat 101")
        assert "Setujui ralat" not in humas.labels("petugas")
        assert "13 Desember" in await humas.writes("wk-humas", "/lihat 101")
        assert "Setujui ralat" in humas.labels("wk-humas")
        await humas.presses("wk-humas", "Setujui ralat")
        await humas.cards(bot)
        assert len(humas.public.went) == 2
        await humas.writes("wk-humas", "/lihat 101")
        await humas.presses("wk-humas", "Tarik pengumuman")
        assert "sedang ditarik" in await humas.writes("wk-humas", "Acara ditunda.")
        await humas.cards(bot)
        assert len(humas.public.went) == 3

    assert "push.withdrawal" in await humas.events()


async def test_a_picture_sent_with_the_narration_goes_out_with_it(humas: HumasBench) -> None:
    async with humas.listening():
        await humas.writes("lestari", "/mohon")
        for words in ("Libur", "12/UN25", "17/2/2026", "BAAK"):
            await humas.writes("lestari", words)
        await humas.presses("lestari", "Biasa")
        await humas.presses("lestari", "Lewati")
        await humas.presses("lestari", "Lewati")
        humas.phone.photo(PHONES["lestari"], samples_of_phone.photo(), caption="")
        await humas.quiet()
        await humas.writes("lestari", "Kampus libur.")
        await humas.presses("lestari", "Kirim permohonan")

    kept = await humas.db.read(narrations.enclosures, 101)
    assert [(each.role, each.file.content_type) for each in kept] == [("picture", "image/png")]


async def test_what_may_not_have_arrived_is_sent_again_after_a_word_of_warning(humas: HumasBench) -> None:
    await to_the_push(humas)
    async with humas.listening() as bot:
        await humas.writes("petugas", "/lihat P-0101")
        await humas.presses("petugas", "Sebar sekarang")
        assert await PushFeed(humas.db, humas.clock).once()
        for letter in await humas.db.write(sending.claim, "telegram", humas.clock(), 9):
            await humas.db.write(sending.failed, letter, SendFailed("diam", unknown=True), humas.clock(), 0.5)
        await humas.cards(bot)
        assert "tidak pasti 1" in await humas.writes("petugas", "/lihat P-0101")
        assert "mungkin sudah sampai" in await humas.presses("petugas", "ulang:")
        assert humas.public.went == []
        assert "Sedang disebar" in await humas.presses("petugas", "Ya, kirim lagi")
        await humas.cards(bot)
        assert humas.public.went == ["-1001"]
        await humas.writes("petugas", "/lihat P-0101")
        assert not any("tidak pasti" in label for label in humas.labels("petugas"))


async def test_a_picture_in_a_reply_to_a_card_goes_out_with_that_publication(humas: HumasBench) -> None:
    await to_the_push(humas)
    async with humas.listening() as bot:
        await humas.cards(bot)
        await humas.writes("wk-humas", "/lihat P-0101")
        card = humas.provider.chat(PHONES["wk-humas"])[-1]["message_id"]
        picture = b"\xff\xd8\xff" + b"\0" * 32
        humas.phone.media(PHONES["wk-humas"], "photo", picture, reply=card)
        await humas.quiet()
        assert "Berkas ditambahkan" in humas.said("wk-humas")[-1]

    enclosed = await humas.db.read(narrations.enclosures, 101)
    assert [each.role for each in enclosed] == ["picture"]
    assert (await humas.case()).step == "narasi"  # what was found fit is another thing now


async def test_a_button_sends_and_pins_for_a_week(humas: HumasBench) -> None:
    await to_the_push(humas)
    async with humas.listening() as bot:
        await humas.writes("petugas", "/lihat P-0101")
        assert "Menunggu waktunya" in await humas.presses("petugas", "Sebar dan sematkan 7 hari")
        await humas.cards(bot)

    planned = {each.kind: each.start_at for each in await humas.db.read(pushes.of_publication, 101)}
    assert planned["unpin"] - planned["publish"] == timedelta(days=7)
