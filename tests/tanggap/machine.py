"""A machine of its own in a folder: pages of operation are typed into it, line by line, without root."""

import os
import re
import shlex
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

from tests.peers import free_port

ROOT = Path(__file__).parents[2]
PLACES = ("/opt/tanggap", "/usr/local/bin", "/srv/", "/var/backups/tanggap", "/etc/systemd/system")
PATIENCE = 120  # seconds; a bound for what never comes
ONLY_ROOT = {"useradd"}


class Machine:
    """`said` holds what each line printed. `systemctl` starts the unit's own ExecStart and hears its notify socket."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        self.port = free_port()
        self.said: list[tuple[str, str]] = []
        self._service: subprocess.Popen[bytes] | None = None
        for place in ("usr/local/bin", "etc/systemd/system", "srv", "var/backups"):
            (root / place).mkdir(parents=True)

    def place(self, text: str) -> str:
        """The text with this machine's own places, port and wheel folder."""
        for place in PLACES:
            text = text.replace(place, f"{self.root}{place}")
        return re.sub(r"\bdist(?=[/ ])", str(self.root / "dist"), text).replace("8080", str(self.port))

    def type(self, line: str) -> str:
        """What the line prints. Fails as the line does."""
        words = shlex.split(self.place(line))
        if words[0] == "sudo":
            words = words[3:] if words[1] == "-u" else words[1:]
        match words:
            case ["cd", folder]:
                self.folder, out = Path(folder), ""
            case ["systemctl", what, *_rest]:
                out = self._systemctl(what)
            case ["curl", *_flags, address]:
                with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                    out = answer.read().decode()
            case ["install", "-d", "-o", _user, "-g", _group, *rest]:
                out = self.run("install", "-d", *rest)
            case [name, *_rest] if name in ONLY_ROOT:
                out = ""
            case _:
                out = self.run(*words)
        self.said.append((line, out))
        return out

    def run(self, *words: str) -> str:
        done = subprocess.run(words, cwd=self.folder, env=self._environ(), capture_output=True, text=True)
        assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def serve(self, words: list[str], folder: Path) -> None:
        """Start a desk, and wait until it says that it is ready."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
            name = f"tanggap-{os.getpid()}-{self.port}"
            ear.bind(f"\0{name}")
            ear.settimeout(PATIENCE)
            environ = self._environ() | {"NOTIFY_SOCKET": f"@{name}"}
            with (self.root / "log").open("ab") as log:
                self._service = subprocess.Popen(words, cwd=folder, env=environ, stdout=log, stderr=log)
            assert ear.recv(4096) == b"READY=1", self.log()

    def stop(self) -> None:
        """As systemd does. A desk that falls on its way out is a fault."""
        if self._service:
            service, self._service = self._service, None
            service.terminate()
            assert service.wait(PATIENCE) in (0, -signal.SIGTERM), self.log()

    def log(self) -> str:
        return (self.root / "log").read_text(encoding="utf-8")

    def _systemctl(self, what: str) -> str:
        unit = self.root / "etc/systemd/system/tanggap.service"
        lines = dict(line.split("=", 1) for line in unit.read_text().splitlines() if "=" in line)
        if what in ("stop", "restart"):
            self.stop()
        if what in ("enable", "restart"):
            self.serve(shlex.split(lines["ExecStart"]), Path(lines["WorkingDirectory"]))
        return ""

    def _environ(self) -> dict[str, str]:
        """Nothing of the environment in which the tests run, but the way to the package index."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "VIRTUAL", "TANGGAP"))
        }
        return kept | {"PATH": f"{self.root}/usr/local/bin:/usr/bin:/bin", "COLUMNS": "240"}
