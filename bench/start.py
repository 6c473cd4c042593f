"""From the start of the process to its first page, beside what Python itself and the web server's imports take."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

from bench.office import Folder
from bench.rounds import Case, Measured, interleave, table
from bench.soak import free_port
from bench.victim import ROOT, Victim

FIRST = b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def command(*words: str) -> Case:
    def case() -> Measured:
        begin = time.perf_counter()
        subprocess.run([sys.executable, *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return _measured(time.perf_counter() - begin)

    return case


def serving(victim: Victim) -> Case:
    """`tanggap serve` with Telegram and the staff bot until its login page has come whole."""

    async def first_page() -> float:
        begin = time.perf_counter()
        try:
            await victim.start()
            reader, writer = await asyncio.open_connection("127.0.0.1", victim.port)
            writer.write(FIRST)
            answer = await reader.read()
            took = time.perf_counter() - begin
            writer.close()
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(answer[:200].decode("latin-1"))
            return took
        finally:
            await victim.kill()

    return lambda: _measured(asyncio.run(first_page()))


def run(folder: Folder, rounds: int) -> str:
    home = Path(folder.root) / "start"
    home.mkdir()
    victim = Victim(home, free_port(), "http://127.0.0.1:9")
    asyncio.run(victim.prepare({90_000: "sari"}))
    cases = {
        "python -c pass": command("-c", "pass"),
        "python, imports of the web server": command(
            "-c", "import starlette.applications, uvicorn, uvloop, jinja2"
        ),
        "tanggap --help": command("-m", "tanggap", "--help"),
        "tanggap serve to its first page": serving(victim),
    }
    return table(interleave(cases, rounds), "Start", "tanggap serve to its first page", "starts a second")


def _measured(took: float) -> Measured:
    return Measured(rate=1 / took, p50=took * 1000)
