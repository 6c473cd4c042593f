"""The wheel works from any folder, beside Django's `channels`, and puts nothing but `tanggap` into site-packages."""

import json
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SLOWEST_START = 300  # turns of a tenth of a second; a bound for a broken start, not a measure

pytestmark = pytest.mark.wheel


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def venv(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean environment with the pinned run-time set, Django Channels and the wheel."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    run(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    install(folder, "--require-hashes", "-r", ROOT / "requirements/run.txt")
    install(folder, "channels")
    install(folder, "--no-deps", wheel)
    return folder


def install(venv: Path, *what: str | Path) -> None:
    uv = shutil.which("uv")
    if (
        uv
        and not subprocess.run(
            [uv, "pip", "install", "-q", "--python", venv / "bin/python", *what], capture_output=True
        ).returncode
    ):
        return
    run(
        venv / "bin/python",
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        *what,
        cwd=venv.parent,
    )


@pytest.fixture(scope="session")
def desk(venv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder made by `tanggap init`, elsewhere."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    run(venv / "bin/tanggap", "init", "meja", cwd=elsewhere)
    return elsewhere / "meja"


def test_the_wheel_holds_every_file_of_the_rooms_and_nothing_else(wheel: Path) -> None:
    rooms = ("sop", "store", "channels", "desk", "bots", "console", "demo", "templates_replies")
    ours = [
        str(path.relative_to(ROOT))
        for room in (*rooms, "tanggap")
        for path in (ROOT / room).rglob("*.*")
        if path.is_file()
    ]
    names = [name for name in ours if "__pycache__" not in name]
    expected = {name if name.startswith("tanggap/") else f"tanggap/rooms/{name}" for name in names}
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert held >= expected
    assert not [name for name in held if name.endswith(".pyc")]
    assert {name.partition("/")[0] for name in held} == {"tanggap"}


def test_djangos_channels_stays_djangos(venv: Path, tmp_path: Path) -> None:
    code = "import channels, json; print(json.dumps(channels.__file__))"
    where = json.loads(run(venv / "bin/python", "-c", code, cwd=tmp_path))

    assert Path(where).parent.parent.name == "site-packages"


def test_our_rooms_are_found_once_the_front_door_is_open(venv: Path, tmp_path: Path) -> None:
    code = "import tanggap, channels, json; print(json.dumps(channels.__file__))"
    where = json.loads(run(venv / "bin/python", "-c", code, cwd=tmp_path))

    assert Path(where).parts[-4:] == ("tanggap", "rooms", "channels", "__init__.py")


def test_what_init_wrote_is_good(venv: Path, desk: Path, tmp_path: Path) -> None:
    assert (
        run(venv / "bin/tanggap", "check", "--config", desk / "config.yaml", cwd=tmp_path)
        == "config.yaml baik\n"
    )


def test_postgresql_without_its_driver_says_what_to_install(venv: Path, desk: Path, tmp_path: Path) -> None:
    """The driver is an extra, so this environment has none."""
    text = (desk / "config.yaml").read_text(encoding="utf-8")
    (desk / "pg.yaml").write_text(
        text.replace("sqlite:///data/tanggap.db", "postgresql://db/desk"), encoding="utf-8"
    )
    done = subprocess.run(
        [f"{venv}/bin/tanggap", "check", "--config", f"{desk}/pg.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert 'pip install "tanggap[postgres]"' in done.stderr


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@pytest.fixture
def serving(venv: Path, desk: Path, port: int, tmp_path: Path) -> Iterator[str]:
    """The address of a desk that runs from the wheel, started in a folder that is not its own."""
    command = [f"{venv}/bin/tanggap", "serve", "--config", f"{desk}/config.yaml", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
    try:
        yield wait_until_it_answers(process, f"http://127.0.0.1:{port}", tmp_path / "log")
    finally:
        process.terminate()
        process.wait(30)


def wait_until_it_answers(process: subprocess.Popen[bytes], address: str, log: Path) -> str:
    for _turn in range(SLOWEST_START):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            return address
        except urllib.error.URLError:
            pass
        try:
            code = process.wait(0.1)
            pytest.fail(f"serve ended with {code}:\n{log.read_text()}")
        except subprocess.TimeoutExpired:
            pass
    pytest.fail(f"serve does not answer:\n{log.read_text()}")


@pytest.mark.parametrize("page", ["/healthz", "/readyz", "/login", "/lapor"])
def test_the_desk_serves_from_the_wheel(serving: str, page: str) -> None:
    with urllib.request.urlopen(serving + page, timeout=30) as answer:
        assert answer.status == 200
