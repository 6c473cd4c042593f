"""The demo as its visitor meets it: reporter on the phone, agent beside, in a real browser on a real process."""

import re
from collections.abc import Iterator

import pytest

from tests.flows.demo_visit import (
    Demo,
    Started,
    command,
    console,
    fault,
    heard,
    newest,
    open_untaken,
    play,
    shot,
    visitor,
    write,
)
from tests.peers import chromium, free_port, library

WORDS = {"tg": "Telegram", "wa": "WhatsApp", "ml": "surel"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    chromium()
    library("smtp", "aiosmtpd.smtp")
    folder = tmp_path_factory.mktemp("peragaan") / "data"
    with Started(folder, free_port()):
        pass
    again = Started(folder, free_port())
    with again as url:
        yield Demo(url, again.said)


@pytest.mark.parametrize("app", ["tg", "wa", "ml"])
async def test_what_a_reporter_writes_is_taken_tagged_answered_by_a_template_and_closed(
    demo: Demo, app: str
) -> None:
    text = f"Sandi SIAKAD saya ditolak sejak pagi lewat {WORDS[app]}"
    async with visitor(demo) as page:
        desk = console(page)
        await write(page, app, text)
        await page.locator(f"[data-live={app}] .b.me:has-text('{text}') ~ .b:not(.me)").first.wait_for()
        number = await open_untaken(page, text)
        await heard(page, app, f"#{number}")
        await desk.get_by_role("button", name=re.compile(r"^Ambil\b")).click()
        await desk.get_by_text("dipegang Sari").first.wait_for()
        await desk.get_by_role("link", name="Rincian").click()
        await desk.locator("#tambah").select_option("akun")
        await desk.get_by_role("button", name="Tambah", exact=True).click()
        await desk.locator("#kepala .tag").filter(has_text="Akun dan SIAKAD").wait_for()
        await desk.locator("#tulis").get_by_role("button", name=re.compile("^Templat")).click()
        await desk.locator("#templat").get_by_role("button", name=re.compile("Akun: sandi baru")).click()
        await desk.get_by_role("button", name="Pakai templat").click()
        await desk.locator("#isi").filter(has_text="Sandi baru aktif").wait_for()
        await shot(page, f"demo-{app}-template")
        await desk.locator("button[name=aksi][value=jawab]").click()
        await heard(page, app, re.compile(rf"Sandi baru aktif[\s\S]*#{number}"))
        await desk.get_by_text("Tindakan lain").locator("..").click()
        await desk.get_by_role("button", name="Tutup tiket").click()
        await desk.locator("#kepala").get_by_text("Ditutup", exact=True).wait_for()
        await shot(page, f"demo-{app}-closed")


async def test_a_ticket_is_answered_tagged_and_closed_by_commands_on_the_staff_phone(demo: Demo) -> None:
    answer = "Mohon tutup peramban, lalu masuk kembali."
    async with visitor(demo) as page:
        await page.get_by_role("button", name="+10 menit").click()  # the desk confirms once a minute at most
        await write(page, "tg", "laporan baru")
        await heard(page, "tg", re.compile("silakan", re.IGNORECASE))
        await write(page, "tg", "SIAKAD menolak sandi baru saya di laboratorium")
        await page.get_by_role("button", name="Bot Telegram petugas").click()
        chat = console(page).locator("[data-live=st]")
        card = chat.locator(".b:not(.me)").filter(has_text="di laboratorium").last
        await card.wait_for()
        number = re.search(r"#(\d+)", await card.inner_text())
        assert number is not None
        await command(page, f"/ambil {number[1]}", "dipegang")
        await command(page, f"/kategori {number[1]} akun", "Akun")
        await command(page, f"/balas {number[1]} {answer}", answer)
        await chat.get_by_role("button", name="Kirim", exact=True).last.click()
        await heard(page, "tg", answer)
        await command(page, f"/tutup {number[1]}", "ditutup")
        await shot(page, "demo-staff")
        await page.get_by_role("button", name="Konsol").click()
        await console(page).get_by_role("link", name="Ditutup").click()
        await console(page).locator("a.row").filter(has_text=f"#{number[1]}").wait_for()


async def test_the_phone_works_without_script(demo: Demo) -> None:
    async with visitor(demo, script=False) as page:
        await page.locator("#tulis-tg").fill("Tanpa skrip pun sampai")
        await page.locator("#tulis-tg").press("Enter")
        await page.locator("[data-live=tg] .b.me").filter(has_text="Tanpa skrip pun sampai").wait_for()
        assert "app=tg" in page.url


async def test_on_a_small_screen_one_side_is_seen_at_a_time(demo: Demo) -> None:
    async with visitor(demo, width=360) as page:
        await page.locator("#tulis-tg").wait_for()
        assert not await page.locator("iframe[name=konsol]").is_visible()
        await page.get_by_text("Sebagai petugas").click()
        await page.locator("iframe[name=konsol]").wait_for()
        assert not await page.locator("#tulis-tg").is_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await shot(page, "demo-small")


async def test_moving_the_clock_signs_nobody_out_and_lets_tickets_get_late(demo: Demo) -> None:
    async with visitor(demo) as page:
        desk = console(page)
        await desk.locator("#antrean").wait_for()
        before = await page.locator("header [data-live=jam] b").inner_text()
        await page.get_by_role("button", name="+1 hari kerja").click()
        await (
            page.locator("header [data-live=jam]")
            .filter(has_text=re.compile("Sel|Rab|Kam|Jum|Sen"))
            .wait_for()
        )
        await page.get_by_role("button", name="+1 jam").click()
        await page.locator("header [data-live=jam] b").filter(has_not_text=before).wait_for()
        await desk.get_by_role("link", name=re.compile("^Unit")).click()
        await desk.get_by_role("heading", name=re.compile("Lewat baku mutu")).wait_for()


async def test_the_supervisor_opens_the_parked_messages_page(demo: Demo) -> None:
    async with visitor(demo) as page:
        await page.get_by_label("Sebagai", exact=True).select_option("lestari")
        await console(page).get_by_text("Lestari").first.wait_for()
        await page.get_by_label("Sebagai", exact=True).select_option("sari")
        await console(page).get_by_text("Sari").first.wait_for()


async def test_what_is_cut_off_waits_and_arrives_afterwards(demo: Demo) -> None:
    async with visitor(demo) as page:
        await fault(page, "Padamkan Telegram")
        await page.get_by_text("Telegram padam").wait_for()
        await write(page, "tg", "laporan baru")
        await fault(page, "Pulihkan Telegram")
        await page.locator("[data-live=tg]").get_by_text("laporan baru").last.wait_for()
        await page.locator(
            "[data-live=tg] .b.me:has-text('laporan baru') ~ .b:not(.me):has-text('Silakan')"
        ).last.wait_for()


async def test_a_voice_and_a_place_are_heard_and_seen_in_the_console(demo: Demo) -> None:
    async with visitor(demo) as page:
        await page.get_by_role("button", name="+10 menit").click()
        await play(page, "Pesan suara dan lokasi")
        await newest(page, "tg", "saya jelaskan dengan suara")
        await page.locator("[data-live=tg] .b.me audio").last.wait_for()
        await page.locator("[data-live=tg] .b.me .place").last.wait_for()
        await open_untaken(page, "saya jelaskan dengan suara")
        voice = console(page).locator("#percakapan audio")
        await voice.wait_for()
        length = await voice.evaluate(
            """async each => {
                each.preload = "metadata";
                each.load();
                while (!(each.readyState >= 1) && !each.error) await new Promise(r => each.ontimeupdate =
                    each.onloadedmetadata = each.onerror = r);
                return each.error ? each.error.message : each.duration;
            }"""
        )
        assert isinstance(length, int | float) and length > 0, length
        await (
            console(page).locator("#percakapan").get_by_role("link", name="Buka di OpenStreetMap").wait_for()
        )
        await shot(page, "demo-voice")


async def test_a_message_that_was_put_right_shows_both_forms(demo: Demo) -> None:
    async with visitor(demo) as page:
        await page.get_by_role("button", name="+10 menit").click()
        await play(page, "Pesan yang diralat pelapor")
        said = await newest(page, "tg", "231040112")
        await said.get_by_text("diedit").wait_for()
        await open_untaken(page, "KRS saya terkunci")
        talk = console(page).locator("#percakapan")
        await talk.get_by_text("NIM saya 231040112").first.wait_for()
        await talk.get_by_text(re.compile("[Dd]iubah|[Dd]iedit|[Ss]emula|[Ss]ebelum")).first.wait_for()
        await shot(page, "demo-edited")


async def test_an_album_is_one_message_with_small_pictures(demo: Demo) -> None:
    async with visitor(demo) as page:
        await page.get_by_role("button", name="+10 menit").click()
        await play(page, "Foto kelas rusak tanpa nama")
        await newest(page, "tg", "ruang B.204 rusak")
        await open_untaken(page, "ruang B.204 rusak")
        pictures = console(page).locator("#percakapan a.thumb img[src$='/kecil']")
        await pictures.nth(1).wait_for()
        assert await pictures.count() == 2
        await shot(page, "demo-album")


async def test_the_answer_to_who_blocked_the_bot_is_told_by_phone_and_says_why(demo: Demo) -> None:
    async with visitor(demo) as page:
        await page.get_by_role("button", name="+10 menit").click()
        await play(page, "Pelapor memblokir bot")
        await page.get_by_text("Bot diblokir").first.wait_for()
        await open_untaken(page, "surat keterangan saya")
        desk = console(page)
        await desk.locator("#isi").fill("Suratnya sudah jadi.")
        await desk.locator("button[name=aksi][value=jawab]").click()
        await desk.get_by_text("Pelapor memblokir kita di sini").wait_for()
        answer = desk.locator(".msg.out").filter(has_text="Suratnya sudah jadi.")
        await answer.get_by_text("Perlu disampaikan lewat telepon atau loket").wait_for()
        await shot(page, "demo-blocked")
        await fault(page, "Buka blokir bot")


async def test_what_was_written_during_an_outage_drains_in_its_order(demo: Demo) -> None:
    async with visitor(demo) as page:
        await page.get_by_role("button", name="+10 menit").click()
        await play(page, "Telegram terputus sementara")
        await page.get_by_text("Telegram padam").wait_for()
        number = await open_untaken(page, "di komputer lantai 2")
        desk = console(page)
        for answer in ("Kami periksa sekarang.", "Petugas sudah berangkat."):
            await desk.locator("#isi").fill(answer)
            await desk.locator("button[name=aksi][value=jawab]").click()
            await desk.locator(".msg.out").filter(has_text=answer).wait_for()
        await fault(page, "Pulihkan Telegram")
        await heard(page, "tg", "Petugas sudah berangkat.")
        said = await page.locator("[data-live=tg] .b:not(.me)").all_inner_texts()
        assert _place(said, "Kami periksa sekarang.") < _place(said, "Petugas sudah berangkat.")
        await desk.locator(".msg").filter(has_text="Kami pindah ke lantai 1.").wait_for()
        words = await desk.locator("#percakapan .msg:not(.out)").all_inner_texts()
        order = [_place(words, each) for each in ("di lantai 3 juga", "akun terkunci", "pindah ke lantai 1")]
        assert order == sorted(order), (number, words)


def _place(said: list[str], words: str) -> int:
    return next(at for at, each in enumerate(said) if words in each)


async def test_a_second_start_makes_nothing_anew(demo: Demo) -> None:
    assert not any("Menyiapkan" in line for line in demo.said)


async def test_a_late_answer_on_whatsapp_follows_the_reporters_reply(demo: Demo) -> None:
    async with visitor(demo) as page:
        await page.get_by_role("button", name="+10 menit").click()
        await play(page, "Jendela WhatsApp tertutup")
        await page.locator("label[for=a-wa]").click()
        await page.locator("[data-live=jendela]").filter(has_text="jendela 24 jam tertutup").wait_for()
        number = await open_untaken(page, "legalisir ijazah")
        desk = console(page)
        await desk.locator("#isi").fill("Legalisir dapat dikirim lewat pos.")
        await desk.locator("button[name=aksi][value=jawab]").click()
        answer = desk.locator(".msg.out").filter(has_text="Legalisir dapat dikirim lewat pos.")
        await answer.get_by_text("Menunggu pelapor menulis di WhatsApp").wait_for()
        await heard(page, "wa", re.compile(f"jawaban atas laporan #?{number} sudah ada"))
        assert await page.locator("[data-live=wa]").get_by_text("dikirim lewat pos").count() == 0
        await write(page, "wa", "ya")
        await heard(page, "wa", "Legalisir dapat dikirim lewat pos.")
        await answer.get_by_text(re.compile("Sampai|Dibaca|Terkirim")).wait_for()
        await shot(page, "demo-late-answer")
