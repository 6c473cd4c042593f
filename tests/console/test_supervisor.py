"""The supervisor's pages: what was held back, what did not leave, and the templates in force."""

from html import unescape

import pytest

from desk import inbound
from desk.desk import Desk
from store import templates
from store.db import Change
from tests import samples
from tests.console.conftest import Browser, arrived
from tests.samples import NOW


@pytest.mark.parametrize("path", ["/penyelia", "/templat"])
async def test_an_agent_is_told_that_the_page_is_not_for_them(sari: Browser, path: str) -> None:
    page = await sari.open(path)

    assert page.status_code == 403
    assert "Peran Anda tidak memiliki hak" in page.text
    assert f'href="{path}"' not in page.text


async def test_a_parked_message_is_shown_raw_and_driven_again(lestari: Browser, desk: Desk) -> None:
    import msgspec

    incoming = msgspec.to_builtins(samples.incoming("KRS saya terkunci"))
    raw = b'{"text": "<b>KRS</b> saya"}'
    await desk.db.write(inbound.park, "telegram", "u-7", raw, incoming, "KeyError: 'chat'", NOW)

    page = await lestari.open("/penyelia")
    assert "&lt;b&gt;KRS&lt;/b&gt; saya" in page.text
    page = await lestari.press("/penyelia/ulangi", nomor="1")

    assert "Pesan dimasukkan kembali." in page.text
    assert "Semua pesan masuk terbaca." in page.text
    assert "#1001" in (await lestari.open("/antrean?tampilan=unit")).text


async def test_bytes_that_are_no_text_are_shown_harmless_and_set_aside(lestari: Browser, desk: Desk) -> None:
    await desk.db.write(inbound.park, "mail", "m-1", b"\xff\xfe\x00<script>", None, "no From", NOW)

    assert "<script>" not in (page := await lestari.open("/penyelia")).text.replace("<script src", "")
    assert "Masukkan kembali" not in page.text
    await lestari.press("/penyelia/singkirkan", nomor="1")

    assert "Semua pesan masuk terbaca." in lestari.page.text


async def test_a_template_is_written_looked_at_and_put_in_force(
    lestari: Browser, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    await lestari.open("/templat")
    fields = {
        "kode": "minta-nim",
        "nama": "Minta NIM",
        "bahasa": "id",
        "isi": "Yth. {{ nama }}, mohon kirim NIM.",
    }

    looked = await lestari.press("/templat", aksi="lihat", **fields)
    assert "<mark>Dewi</mark>" in looked.text
    await lestari.press("/templat", **fields)
    assert "Minta NIM" not in (await sari.open(f"/tiket/{number}?templat=")).text
    await lestari.press(f"{lestari.page.url.path}/setujui")
    assert "Templat disetujui; belum berlaku." in lestari.page.text
    assert "Minta NIM" not in (await sari.open(f"/tiket/{number}?templat=")).text
    await lestari.press(f"{lestari.page.url.path}/berlakukan")

    assert "Templat berlaku." in lestari.page.text
    assert "Minta NIM" in (await sari.open(f"/tiket/{number}?templat=")).text
    await lestari.press(f"{lestari.page.url.path}/tarik")
    assert "Minta NIM" not in (await sari.open(f"/tiket/{number}?templat=")).text


HOSTILE = [
    "{% for x in range(10**9) %}a{% endfor %}",
    "{{ nama.__class__ }}",
    "{{ nama | upper }}",
    "{{ cycler() }}",
    "{{ nama * 10**9 }}",
    "{{ tautan_staus }}",
    "{{ nama",
    "{% include 'base.html' %}",
    "{{ '%s' % config }}",
]


@pytest.mark.parametrize("body", HOSTILE)
async def test_a_template_that_is_a_program_is_refused_with_its_line_and_kept_in_the_form(
    lestari: Browser, desk: Desk, body: str
) -> None:
    await lestari.open("/templat")
    before = len(await desk.db.read(templates.newest))

    page = await lestari.press("/templat", kode="jahat", nama="Jahat", isi=f"Halo\n{body}")

    assert page.status_code == 409
    assert "baris 2" in page.text
    assert lestari.area("isi") == f"Halo\n{body}"
    assert len(await desk.db.read(templates.newest)) == before


@pytest.mark.parametrize("body", HOSTILE)
async def test_a_stored_template_that_is_a_program_is_shown_as_words(
    sari: Browser, desk: Desk, body: str
) -> None:
    number = await arrived(desk)
    await desk.db.write(_stored, body)

    page = await sari.open(f"/tiket/{number}?templat=2")

    assert page.status_code == 200
    assert "&lt;" in page.text or body.replace("'", "&#39;") in page.text


def _stored(change: object, body: str) -> None:
    number = templates.add(change, code="jahat", name="Jahat", language="id", body=body, at=NOW)  # type: ignore[arg-type]  # the writer's own change
    templates.approve(change, number, by=None, at=NOW)  # type: ignore[arg-type]  # as above


async def test_a_template_code_that_cannot_be_typed_in_chat_is_refused(lestari: Browser) -> None:
    await lestari.open("/templat")

    page = await lestari.press("/templat", kode="minta nim!", nama="Minta", isi="Halo")

    assert page.status_code == 409
    assert "tidak dapat dipakai" in page.text


async def test_a_program_that_came_into_the_store_another_way_is_words_on_every_page(
    lestari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    body = "{% for i in range(1000000000) %}{{ nama.__class__ }}{% endfor %}"

    def smuggled(change: Change) -> int:
        new = templates.add(change, code="jahat", name="Jahat", language="id", body=body, at=NOW)
        change.run("UPDATE reply_template SET status = 'approved' WHERE id = :id", id=new)
        return new

    template = await desk.db.write(smuggled)

    for path in (f"/templat/{template}", f"/tiket/{number}?templat={template}"):
        assert body in unescape((await lestari.open(path)).text)
    await lestari.open(f"/tiket/{number}")
    await lestari.press(f"/tiket/{number}", isi="", aksi=f"pakai.{template}")
    assert lestari.area("isi") == body
