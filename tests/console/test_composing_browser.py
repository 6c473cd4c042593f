"""The composer's script in a real browser: it spares presses, and loses nothing when session or colleague comes between."""

from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from desk import passwords, staff
from desk.desk import Desk
from store import drafts, messages
from store.db import Change
from tests import samples
from tests.console.conftest import Browser, arrived, as_officer
from tests.console.test_browser import browser

PHONE = {"viewport": {"width": 360, "height": 740}}
LONG = "Selamat pagi, Saudari Dewi. " + "Kami sudah memeriksa kartu rencana studi Anda. " * 30


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The engine makes no difference to a browser."""
    return sqlite


async def written(desk: Desk, number: str) -> list[str]:
    return [each.text for each in await desk.db.read(messages.of_ticket, int(number)) if each.author]


async def test_a_slash_opens_the_templates_and_enter_takes_one(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.focus("#isi")
        await page.keyboard.type("Halo.\n/")
        await page.wait_for_selector("#tulis [data-filter]:focus")
        await page.keyboard.type("sandi")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#isi:has-text('Sandi baru aktif')")

        assert (await page.input_value("#isi")).startswith("Halo.\n\nSelamat pagi, Dewi.")
        assert complaints == []


async def test_a_slash_within_a_word_is_a_slash(app: Starlette, sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    async with browser(app, sari) as (page, url, _):
        await page.goto(f"{url}/tiket/{number}")
        await page.focus("#isi")
        await page.keyboard.type("dan/atau")

        assert await page.input_value("#isi") == "dan/atau"
        assert await page.locator("#tulis [data-filter]").count() == 0


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
async def test_files_are_attached_when_chosen_and_taken_off_again(
    app: Starlette, sari: Browser, desk: Desk, tmp_path: Path, options: dict[str, Any]
) -> None:
    number = await arrived(desk)
    for name in ("panduan.txt", "jadwal.txt"):
        (tmp_path / name).write_text(name)
    async with browser(app, sari, **options) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.fill("#isi", "Terlampir.")
        for name in ("panduan.txt", "jadwal.txt"):
            await page.set_input_files("#tulis [name=berkas]", tmp_path / name)
            await page.wait_for_selector(f"#lampiran li:has-text('{name}')")
        await page.click("[aria-label='Lepas panduan.txt']")
        await page.wait_for_selector("#lampiran li:has-text('panduan.txt')", state="detached")

        assert await page.input_value("#isi") == "Terlampir."
        await page.click("button[name=aksi][value=jawab]")
        await page.wait_for_selector(".msg.out .file:has-text('jadwal.txt')")
        assert complaints == []


async def test_the_preview_follows_the_typing_and_counts(app: Starlette, sari: Browser, desk: Desk) -> None:
    number = await arrived(desk, channel="whatsapp", key="w1", sender="whatsapp:+628123334471")
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.focus("#isi")
        await page.keyboard.press("Alt+p")
        await page.keyboard.type("Buka *SIAKAD*")
        await page.wait_for_selector("#rupa b:has-text('SIAKAD')")
        await page.wait_for_selector("#rupa:has-text('13 dari 1.600 karakter')")
        assert complaints == []


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
async def test_an_answer_is_taken_back_by_a_key_or_a_press(
    app: Starlette, sari: Browser, desk: Desk, options: dict[str, Any]
) -> None:
    number = await arrived(desk)
    async with browser(app, sari, **options) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.fill("#isi", "KRS sudah dibuka")
        await page.press("#isi", "Control+Enter")
        await page.wait_for_selector("text=Jawaban berangkat dalam")
        if options:
            await page.locator("form.undo button").first.click()
        else:
            await page.keyboard.press("Alt+z")
        await page.wait_for_selector("text=Jawaban ditarik")

        assert await page.input_value("#isi") == "KRS sudah dibuka"
        assert complaints == []
    assert await written(desk, number) == []


async def test_a_session_that_ends_in_the_middle_of_a_long_answer_loses_none_of_it(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    officer = await samples.officer(desk.db)
    async with browser(app, sari) as (page, url, _):
        await page.goto(f"{url}/tiket/{number}")
        await page.fill("#isi", LONG)
        await page.wait_for_selector("#tersimpan:has-text('Tersimpan')")
        await desk.db.write(_end_all)
        await page.focus("#isi")
        await page.keyboard.press("Control+End")
        await page.keyboard.type("Akhir.")
        await page.wait_for_selector("text=Sesi Anda sudah berakhir.")
        async with page.expect_navigation():
            await page.press("#isi", "Control+Enter")

        assert "Akhir." in await page.content()
    kept = await desk.db.read(drafts.find, int(number), officer.id, "answer")
    assert kept is not None
    assert kept.text == LONG
    assert await written(desk, number) == []


def _end_all(change: Change) -> None:
    change.run("DELETE FROM session")


async def test_who_types_is_seen_by_who_opens_the_ticket(
    app: Starlette, sari: Browser, lestari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.focus("#isi")
        async with page.expect_response(lambda answer: "menulis=jawab" in (answer.request.post_data or "")):
            await page.keyboard.type("S")
        await lestari.open(f"/tiket/{number}")
        assert "Sari sedang menulis di tiket ini" in lestari.page.text
        assert complaints == []


@pytest.mark.parametrize("how", ["sent", "told"])
async def test_after_the_login_the_whole_long_answer_is_in_the_composer_and_leaves(
    app: Starlette, sari: Browser, desk: Desk, how: str
) -> None:
    number = await arrived(desk)
    await desk.db.write(staff.set_password, "sari", passwords.hash_password("sangat-rahasia"), desk.clock())
    sari = await as_officer(desk, sari, "sari")
    async with browser(app, sari) as (page, url, _):
        await page.goto(f"{url}/tiket/{number}")
        await page.fill("#isi", LONG)
        await page.wait_for_selector("#tersimpan:has-text('Tersimpan')")
        await desk.db.write(_end_all)
        await page.focus("#isi")
        await page.keyboard.press("Control+End")
        await page.keyboard.type("Akhir.")
        if how == "sent":
            await page.keyboard.press("Control+Enter")
        else:
            await page.keyboard.press("Alt+t")
            await page.wait_for_selector("#putus:not([hidden])")
            await page.click("#putus a")
        await page.fill("#u", "sari")
        await page.fill("#p", "sangat-rahasia")
        await page.click("form button.primary")
        await page.wait_for_selector("#isi")

        assert await page.input_value("#isi") == f"{LONG}Akhir."
        await page.press("#isi", "Control+Enter")
        await page.wait_for_selector(".msg.out:has-text('Akhir.')")
    assert await written(desk, number) == [f"{LONG}Akhir."]


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
async def test_without_script_a_ticket_is_taken_filed_answered_by_template_and_closed(
    app: Starlette, sari: Browser, desk: Desk, tmp_path: Path, options: dict[str, Any]
) -> None:
    number = await arrived(desk)
    (tmp_path / "panduan.txt").write_text("panduan")
    async with browser(app, sari, java_script_enabled=False, **options) as (page, url, complaints):
        await page.goto(f"{url}/antrean?tampilan=free")
        await page.click(f".row[href^='/tiket/{number}']")
        await page.click("button:has-text('Ambil')")
        await page.wait_for_selector("text=Anda memegang tiket ini.")
        if options:
            await page.click("a.btn:has-text('Rincian')")
        await page.select_option("#tambah", "akademik")
        await page.click("#rincian button:has-text('Tambah')")
        await page.click("#tulis button[value=templat]")
        await page.click("#tulis button:has-text('Akun: sandi baru')")
        await page.click("#tulis button:has-text('Pakai templat')")
        text = await page.input_value("#isi")
        await page.fill("#isi", f"{text} Terima kasih.")
        await page.set_input_files("#tulis [name=berkas]", tmp_path / "panduan.txt")
        if options:
            await page.click("#tulis details.menu > summary")
            await page.click("#tulis .pop button[value=tutup]")
        else:
            await page.click("#tulis button[value=tutup] >> visible=true")
        await page.wait_for_selector(f"text=Tiket #{number} ditutup.")
        await page.goto(f"{url}/tiket/{number}")

        assert await page.is_visible(".msg.out .file:has-text('panduan.txt')")
        assert await page.is_visible("#kepala .step:has-text('Ditutup')")
        assert complaints == []
    assert await written(desk, number) == [f"{text} Terima kasih."]
