"""A store that cannot write loses no word of the public: the form comes back with them, and works again later (P8)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from console.app import build
from desk.desk import Desk
from desk.files import Files
from store import tickets
from store.db import open_database
from tests.console.conftest import Browser, browsing
from tests.console.test_public_form import send, ticket_of
from tests.store.test_trouble import SHORT, locked


@pytest.fixture
async def hasty(desk: Desk, url: str) -> AsyncIterator[tuple[Desk, Browser]]:
    """The same desk with little patience."""
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(open_database(url, patience=SHORT))
        mine = replace(desk, db=db)
        yield mine, Browser(await stack.enter_async_context(browsing(build(mine))))


async def test_a_locked_store_gives_the_form_back_and_takes_it_later(
    hasty: tuple[Desk, Browser], url: str
) -> None:
    desk, visitor = hasty
    with locked(url):
        page = await send(visitor, kunci="k" * 24, isi="Jangan hilang")
    assert page.status_code == 503 and page.headers["retry-after"] == "5"
    assert "Jangan hilang</textarea>" in page.text and 'value="kkkkkkkkkkkkkkkkkkkkkkkk"' in page.text
    assert await desk.db.read(tickets.since, 0, 10) == []

    assert (await send(visitor, kunci="k" * 24, isi="Jangan hilang")).status_code == 303


async def test_further_words_come_back_too(hasty: tuple[Desk, Browser], url: str) -> None:
    desk, visitor = hasty
    ticket = await ticket_of(desk, await send(visitor))
    words = {"kunci": "w" * 24, "aksi": "kirim", "isi": "Tambahan penting"}
    with locked(url):
        page = await visitor.http.post(f"/status/{ticket.token}", data=words)
    assert page.status_code == 503
    assert "Tambahan penting</textarea>" in page.text and f'value="{"w" * 24}"' in page.text

    assert (await visitor.http.post(f"/status/{ticket.token}", data=words)).status_code == 303


async def test_a_disk_without_room_for_files_keeps_the_words(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A folder that cannot be made stands for a disk that is full: both are an OSError of the write."""
    blocked = tmp_path_factory.mktemp("full") / "file"
    blocked.write_text("not a folder")
    async with browsing(build(replace(desk, files=Files(blocked)))) as http:
        page = await send(Browser(http), isi="Ada foto", files={"lampiran": ("a.pdf", b"%PDF-1.7")})

    assert page.status_code == 503 and "Ada foto</textarea>" in page.text
    assert await desk.db.read(tickets.since, 0, 10) == []
