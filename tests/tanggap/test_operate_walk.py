"""docs/operate.md is typed into a clean machine, and the Containerfile's steps are run in their order (`make wheel`)."""

import fnmatch
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx2
import pytest

from tests.tanggap.machine import ROOT, Machine
from tests.tanggap.test_operate import blocks, steps

KEY = re.compile(r'name="kunci" value="([^"]+)"')
ACTION = re.compile(r'method="post" action="([^"]+)" enctype')

pytestmark = pytest.mark.wheel


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path, ROOT)
    try:
        yield made
    finally:
        made.stop()


def report(address: str, text: str) -> None:
    """The first message, by the public form, as a browser without JavaScript sends it."""
    with httpx2.Client(base_url=address, trust_env=False, headers={"Origin": address}) as http:
        page = http.get("/lapor").text
        key, action = KEY.search(page), ACTION.search(page)
        assert key and action
        form = {"kunci": key[1], "isi": text, "idn": "anonim", "setuju": "ya"}
        sent = http.post(unescape(action[1]), data=form, files={"lampiran": ("", b"")})
        assert sent.status_code == 303, sent.text


def test_the_page_leads_from_an_empty_machine_to_an_upgraded_desk(machine: Machine) -> None:
    lines = [line for text in blocks(ROOT / "docs/operate.md", "sh") for line in text.splitlines()]
    for line in lines:
        if line.endswith("tanggap ticket list"):
            report(f"http://127.0.0.1:{machine.port}", "Lampu tangga gedung B padam")
        machine.type(line)
        if " init " in line:
            config = machine.root / "srv/meja/config.yaml"
            config.write_text(machine.place(config.read_text(encoding="utf-8")), encoding="utf-8")

    lists = [out for line, out in machine.said if "ticket list" in line]
    assert len(lists) == 2 and all("1001" in out for out in lists)
    assert all(json.loads(out)["store"] for line, out in machine.said if line.endswith("/readyz"))
    assert (machine.root / "var/backups/tanggap/pertama.tar.gz").is_file()


def context(into: Path) -> None:
    """What `COPY . .` takes: what is kept under version control, without what .containerignore names."""
    ignored = [
        line
        for line in (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in names.splitlines():
        if any(fnmatch.fnmatch(part, each) for each in ignored for part in Path(name).parts[:1]):
            continue
        if (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, into / name)


def test_the_images_steps_make_a_desk_that_answers_its_own_health_check(machine: Machine) -> None:
    machine.folder = machine.root / "build"
    machine.folder.mkdir()
    context(machine.folder)
    for word, rest in steps():
        if word == "RUN":
            machine.type(rest.replace(" --no-cache-dir", ""))
    last = dict(steps())
    [entry] = json.loads(last["ENTRYPOINT"])
    words = [machine.place(word) for word in (entry, *json.loads(last["CMD"]))]
    machine.run(machine.place(entry), "init", machine.place(last["WORKDIR"]))
    machine.serve(words, Path(machine.place(last["WORKDIR"])))

    check = json.loads(last["HEALTHCHECK"].partition(" CMD ")[2])
    machine.run(*(machine.place(word) for word in check))


def test_every_line_that_needs_root_says_so() -> None:
    lines = [line for text in blocks(ROOT / "docs/operate.md", "sh") for line in text.splitlines()]

    assert {shlex.split(line)[0] for line in lines} == {"sudo", "cd", "curl"}
