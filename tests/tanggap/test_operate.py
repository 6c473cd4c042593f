"""docs/operate.md, docs/proxy.md and the Containerfile are followed from their own text."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from starlette.routing import Route

from console import public
from console.app import ROUTES
from console.guard import MOST
from console.live import listen
from tanggap.cli import commands
from tanggap.logs import masked
from tanggap.settings import faults

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("operate*.md")), ROOT / "docs/proxy.md", ROOT / "README.md"]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)


def blocks(page: Path, kind: str) -> list[str]:
    return [text for name, text in FENCE.findall(page.read_text(encoding="utf-8")) if name == kind]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_that_is_linked_is_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_page_leads_to_every_other_page_of_operation() -> None:
    text = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    names = [page.name for page in PAGES[:-1] if page.name != "operate.md"]

    assert [name for name in names if f"({name})" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    """In code, as `tanggap NAME`, or at the beginning of a line to be typed."""
    text = page.read_text(encoding="utf-8")
    typed = re.compile(r"^(?:sudo -u tanggap )?tanggap ([a-z]+)", re.M)
    lines = [name for _kind, block in FENCE.findall(text) for name in typed.findall(block)]
    named = {*lines, *re.findall(r"`tanggap ([a-z]+)", text)}

    assert named
    assert named <= commands().keys()


def test_the_settings_of_the_proxy_page_are_right(tmp_path: Path) -> None:
    [text] = blocks(ROOT / "docs/proxy.md", "yaml")
    values = yaml.safe_load(text)
    values["desk"] |= {"name": "Meja", "secret": "k7Qm2xVb9Rt4Lw8Zs1Hn6Yd3Pf5Jc0Ga"}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")

    assert faults(tmp_path / "config.yaml", {}) == ()


def test_both_proxies_let_through_what_the_desk_takes_and_no_more() -> None:
    [caddy], [nginx] = (blocks(ROOT / "docs/proxy.md", kind) for kind in ("caddy", "nginx"))

    assert MOST == 26 * 1024 * 1024
    assert "max_size 26MiB" in caddy
    assert "client_max_body_size 26m;" in nginx


def test_nginx_holds_nothing_back_of_a_live_page() -> None:
    [nginx] = blocks(ROOT / "docs/proxy.md", "nginx")
    [path] = [route.path for route in ROUTES if getattr(route, "endpoint", None) is listen]
    live = re.search(rf"location = {path} \{{(.*?)\}}", nginx, re.S)

    assert live is not None
    assert {"proxy_buffering off;", "gzip off;"} <= {line.strip() for line in live[1].splitlines()}


def test_a_visitor_cannot_name_an_address_of_their_own() -> None:
    [nginx] = blocks(ROOT / "docs/proxy.md", "nginx")

    assert "X-Forwarded-For $remote_addr;" in nginx
    assert "proxy_add_x_forwarded_for" not in nginx


def test_no_address_that_is_a_key_stands_in_a_log() -> None:
    [nginx] = blocks(ROOT / "docs/proxy.md", "nginx")
    [kept] = re.findall(r"\n    ~(\S+) 0;", nginx)
    keys = {
        each.path
        for each in (*public.routes(), *ROUTES)
        if isinstance(each, Route) and "{token}" in each.path
    }

    assert len(keys) > 4 and "combined if=$dicatat;" in nginx
    on_walls = {each for each in keys if each.startswith("/pintu/")}  # a door's token stands on a poster
    for each in (path.format(token="rahasia-sekali", number=1) for path in map(plain, keys - on_walls)):
        assert re.match(kept, each), each
        assert "rahasia-sekali" not in masked(f"GET {each} fell over")


def plain(path: str) -> str:
    """A route's path with its holes named and no more."""
    return re.sub(r":\w+\}", "}", path)


def steps() -> list[tuple[str, str]]:
    """The Containerfile's instructions in order."""
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    split = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return [(word, rest) for word, _space, rest in split]


def test_everything_that_the_image_copies_is_there() -> None:
    copied = [rest.split()[0] for word, rest in steps() if word == "COPY" and "--from" not in rest]

    assert copied and all((ROOT / each).exists() for each in copied)


def test_the_image_runs_as_nobody_in_particular_and_keeps_only_its_volume() -> None:
    last = dict(steps())

    assert last["USER"] == "tanggap"
    assert last["VOLUME"] == last["WORKDIR"] == "/srv/meja"
    [made] = [rest for word, rest in steps() if word == "RUN" and "useradd" in rest]
    assert shlex.split(made)[-1] == last["USER"]
    order = [word for word, _rest in steps()]
    assert order.index("USER") > max(place for place, word in enumerate(order) if word == "RUN")


def test_the_image_pins_every_library_by_its_hash() -> None:
    runs = [rest for word, rest in steps() if word == "RUN" and "pip install" in rest]

    assert all("--require-hashes" in run or "--no-deps" in run for run in runs)


def test_no_secret_and_no_history_gets_into_the_image() -> None:
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()

    assert {".git", "**/.env", "data", "demo-data"} <= set(ignored)
    assert (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() == ignored
