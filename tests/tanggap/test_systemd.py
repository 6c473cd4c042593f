"""systemd runs the desk: the unit that `init --systemd` writes, and what the desk tells whoever watches it."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tanggap import supervisor, systemd
from tanggap.cli import run
from tanggap.port import NotOurAddress, PortTaken, try_port
from tanggap.settings import read_settings
from tanggap.supervisor import ALIVE, NOBODY, READY, STOPPING, Supervisor, answers, named_in
from tests.peers import free_port, program

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds; a bound for what never comes


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit of a desk in a folder whose name systemd would misread unless it is written with care."""
    assert run(["init", str(tmp_path / 'meja 100% "kami"'), "--systemd"]) == 0
    return tmp_path / 'meja 100% "kami"' / systemd.NAME


def value(unit: Path, key: str) -> str:
    lines = unit.read_text(encoding="utf-8").splitlines()
    [found] = [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]
    return found


def test_systemd_finds_no_fault_in_the_unit(unit: Path) -> None:
    analyze = program("systemd", "systemd-analyze")
    done = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_calls_the_unit_little_exposed(unit: Path) -> None:
    analyze = program("systemd", "systemd-analyze")
    words = [analyze, "security", "--offline=true", "--threshold=20", "--no-pager", str(unit)]
    done = subprocess.run(words, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout[-200:] + done.stderr


def test_the_unit_runs_this_program_on_this_desk_as_a_user_of_its_own(unit: Path) -> None:
    folder = str(unit.parent).replace("%", "%%")
    quoted = folder.replace('"', '\\"')

    assert value(unit, "ExecStart") == f'{systemd.program()} serve --config "{quoted}/config.yaml"'
    assert value(unit, "WorkingDirectory") == folder
    assert (value(unit, "User"), value(unit, "Group")) == ("tanggap", "tanggap")
    assert systemd.program().is_file()


def test_only_what_the_desk_writes_is_writable(tmp_path: Path) -> None:
    run(["init", str(tmp_path)])
    config = tmp_path / "config.yaml"
    text = config.read_text(encoding="utf-8").replace("files: data/files", "files: lampiran")
    text = text.replace(
        "  web: {}",
        '  web: {}\n  mail: {address: a@kampus.id, inbox: "maildir:surat", outbox: "smtp://127.0.0.1"}',
    )
    config.write_text(f"{text}\nbackup: {{folder: cadangan}}\n", encoding="utf-8")

    names = ("cadangan", "data", "lampiran", "surat")
    assert systemd.writable(read_settings(config, {})) == [tmp_path / name for name in names]


def test_a_folder_within_another_is_named_once_and_backups_have_their_place(tmp_path: Path) -> None:
    run(["init", str(tmp_path)])

    found = systemd.writable(read_settings(tmp_path / "config.yaml", {}))
    assert found == sorted([tmp_path / "data", systemd.BACKUPS])


def test_a_place_that_the_units_own_walls_hide_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert systemd.hidden([Path("/srv/meja"), Path("/home/sari/meja"), Path("/opt/tanggap")]) == [
        Path("/home/sari/meja")
    ]


def test_a_unit_that_its_owner_changed_stays(unit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(unit.parent), "--systemd"]) == 0
    assert f"{unit} sudah sesuai" in capsys.readouterr().out

    unit.write_text("[Service]\n", encoding="utf-8")
    assert run(["init", str(unit.parent), "--systemd"]) == 0
    assert f"{unit} sudah ada dan tidak diubah" in capsys.readouterr().out
    assert unit.read_text(encoding="utf-8") == "[Service]\n"


class Ear:
    """systemd's end of the notify socket."""

    def __init__(self, path: str) -> None:
        self.address = path
        self._in = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._in.bind(path.replace("@", "\0", 1) if path.startswith("@") else path)
        self._in.settimeout(PATIENCE)

    def hears(self) -> str:
        return self._in.recv(4096).decode()

    def close(self) -> None:
        self._in.close()


@pytest.fixture(params=["a file", "abstract"])
def ear(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ear]:
    made = Ear(str(tmp_path / "notify") if request.param == "a file" else f"@tanggap-{os.getpid()}")
    try:
        yield made
    finally:
        made.close()


def test_serve_tells_that_it_is_ready_that_it_lives_and_that_it_ends(ear: Ear, config: str) -> None:
    environ = os.environ | {"NOTIFY_SOCKET": ear.address, "WATCHDOG_USEC": "3000000"}
    words = [sys.executable, "-m", "tanggap", "serve", "--config", config, "--port", str(free_port())]
    desk = subprocess.Popen(
        words, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        assert ear.hears() == READY
        assert [ear.hears(), ear.hears()] == [ALIVE, ALIVE]
        desk.send_signal(signal.SIGTERM)
        assert STOPPING in iter(ear.hears, None)
    finally:
        desk.terminate()
        code = desk.wait(PATIENCE)
    assert code in (0, -signal.SIGTERM)


async def test_a_desk_that_is_not_well_says_nothing(ear: Ear) -> None:
    asked = 0

    async def sick() -> bool:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise EOFError
        return False

    speaker = Supervisor(ear.address, within=0.001)
    with pytest.raises(EOFError):
        await speaker.watch(sick)
    speaker.tell("the end")

    assert ear.hears() == "the end"


@pytest.mark.parametrize(
    ("said", "well"), [(b"HTTP/1.1 200 OK\r\n", True), (b"HTTP/1.1 503 Busy\r\n", False), (b"", False)]
)
async def test_only_a_200_through_the_port_is_well(said: bytes, well: bool) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert (await reader.readline()).startswith(b"GET /healthz ")
        writer.write(said)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await answers("0.0.0.0", port, PATIENCE) is well


async def test_a_port_that_takes_the_call_and_is_silent_is_not_well() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not await answers("127.0.0.1", silent.getsockname()[1], patience=0.01)
    assert not await answers("127.0.0.1", free_port(), PATIENCE)


def test_without_systemd_nobody_is_told() -> None:
    assert named_in({}) == NOBODY
    NOBODY.tell(READY)


def test_a_watchdog_of_another_process_is_none_of_ours() -> None:
    told = {"NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7"}

    assert named_in(told, pid=7) == Supervisor("/run/n", 60)
    assert named_in(told, pid=8) == Supervisor("/run/n", 0)


def test_a_supervisor_that_is_gone_is_no_reason_to_stop(tmp_path: Path) -> None:
    """A socket that nobody reads raises in `send`; it must not come through."""
    Supervisor(str(tmp_path / "nobody")).tell(supervisor.READY)


def test_a_port_in_use_is_told_with_how_to_find_who_has_it(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert run(["serve", "--config", config, "--port", str(port)]) == 1

    said = capsys.readouterr().err
    assert f"Porta {port} di 127.0.0.1 sedang dipakai program lain" in said
    assert f"ss -ltnp 'sport = :{port}'" in said


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(NotOurAddress):
        try_port("192.0.2.1", free_port())


def test_a_port_that_is_free_again_is_taken_without_waiting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
        with pytest.raises(PortTaken):
            try_port("127.0.0.1", port)
    try_port("127.0.0.1", port)
    try_port("localhost", port)
