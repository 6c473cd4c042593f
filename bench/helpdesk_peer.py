"""django-helpdesk 2.6 in an environment of its own, made once and kept between runs; nothing of ours depends on it."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, create_server
from typing import Any

WANTED = ("django-helpdesk==2.6.*", "gunicorn")
KEPT = Path(__file__).parents[1] / ".bench" / "helpdesk"
SITE = KEPT / "site" / "helpdesk_site.py"  # alone in its folder: names of ours would hide names of theirs


@dataclass(frozen=True)
class Helpdesk:
    """One database of it. `wal`: what its manual does not say, but what Django can do for SQLite at its best."""

    python: Path
    place: Path
    wal: bool = False

    @property
    def env(self) -> dict[str, str]:
        found = {
            "HELPDESK_PLACE": str(self.place),
            "PYTHONWARNINGS": "ignore",
            "PYTHONPATH": str(SITE.parent),
        }
        return {"PATH": os.defpath, **found} | ({"HELPDESK_WAL": "1"} if self.wal else {})

    def run(self, *words: str) -> dict[str, Any]:
        """What it prints as JSON. What it logs is dropped."""
        done = subprocess.run(
            [self.python, SITE, *words],
            check=True,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    @contextmanager
    def served(self, workers: int = 1) -> Iterator[tuple[int, int]]:
        """(port, process id of the worker) of gunicorn, as its manual deploys it."""
        with create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        words = ["-m", "gunicorn", "-w", str(workers), "-b", f"127.0.0.1:{port}", "helpdesk_site:application"]
        process = subprocess.Popen([self.python, *words], env=self.env, stderr=subprocess.DEVNULL)
        try:
            _knock(port)
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            yield port, int(children[0])
        finally:
            process.terminate()
            process.wait()


def installed() -> Path:
    """The Python of its environment, made by pip when it is not there yet."""
    python = KEPT / "bin" / "python"
    if not (KEPT / "ready").exists():
        sys.stderr.write(f"installing {WANTED[0]} into {KEPT}\n")
        subprocess.run([sys.executable, "-m", "venv", "--clear", KEPT], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *WANTED], check=True
        )
        (KEPT / "ready").touch()
    SITE.parent.mkdir(exist_ok=True)
    shutil.copy(Path(__file__).with_name(SITE.name), SITE)
    return python


def version(python: Path) -> str:
    """Of django-helpdesk and of Django, as installed."""
    asks = (
        "from importlib.metadata import version as v; print(v('django-helpdesk'), 'on Django', v('django'))"
    )
    return subprocess.run([python, "-c", asks], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def _knock(port: int) -> None:
    """A foreign server says nowhere that it listens."""
    for _ in range(200):
        try:
            create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("gunicorn did not start")
