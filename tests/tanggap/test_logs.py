"""What is logged says where it went wrong, never with whose words."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Literal

import httpx2
import pytest
import structlog

from desk.staff import UnknownLogin
from tanggap.logs import configure
from tests import peers

WORDS = "Nilai saya salah, tolong rahasiakan"


def take_in(text: str) -> None:
    raise ValueError("nomor +62 812 0000 0101 dari sari@example.com")


@pytest.mark.parametrize("form", ["people", "json"])
def test_a_fault_is_logged_with_its_place_and_without_what_it_was_about(
    form: Literal["people", "json"], capsys: pytest.CaptureFixture[str]
) -> None:
    configure(form)
    try:
        take_in(WORDS)
    except ValueError:
        structlog.get_logger().exception("message parked", text=WORDS)

    said = capsys.readouterr().err
    assert "in take_in" in said
    assert WORDS not in said
    assert "0101" not in said
    assert "sari@" not in said


NIM, TOKEN = "231040112", "123456:AAH-planted-token-of-a-bot-xyz"
SECRET = "a-secret-address-that-nobody-guesses"


def by_a_rule() -> None:
    raise UnknownLogin(f"{NIM} {TOKEN}")


def by_sqlite() -> None:
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute("CREATE TABLE person (nim TEXT PRIMARY KEY)")
        base.execute(f"SELECT '{NIM}', '{SECRET}' FROM nowhere")


def by_a_client() -> None:
    request = httpx2.Request("GET", f"https://api.telegram.org/bot{TOKEN}/getMe?q={NIM}")
    httpx2.Response(404, request=request).raise_for_status()


def by_a_chain() -> None:
    try:
        by_a_client()
    except httpx2.HTTPError as error:
        raise ExceptionGroup(SECRET, [ValueError(NIM), LookupError(TOKEN)]) from error


@pytest.mark.parametrize("fault", [by_a_rule, by_sqlite, by_a_client, by_a_chain])
@pytest.mark.parametrize("form", ["people", "json"])
def test_no_exception_carries_a_number_a_token_or_an_address_into_the_log(
    form: Literal["people", "json"], fault: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether it is logged as an exception, as a reason or as a value."""
    configure(form)
    log = structlog.get_logger()
    try:
        fault()
    except Exception as error:
        log.exception("fell over")
        log.error("page failed", exc_info=error)
        log.warning("waits", reason=str(error), cause=error)

    said = capsys.readouterr().err
    assert said.count(f"in {fault.__name__}") >= 2
    for planted in (NIM, TOKEN, "planted"):
        assert planted not in said


def test_postgresql_names_the_row_that_stood_in_the_way_and_the_log_does_not(
    postgresql_server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure()
    psycopg = peers.library("postgresql", "psycopg")
    with psycopg.connect(postgresql_server) as base:
        base.execute("CREATE TEMPORARY TABLE person (nim TEXT PRIMARY KEY)")
        base.execute("INSERT INTO person VALUES (%s)", (NIM,))
        with pytest.raises(psycopg.errors.UniqueViolation, match=NIM) as caught:
            base.execute("INSERT INTO person VALUES (%s)", (NIM,))
    structlog.get_logger().error("page failed", exc_info=caught.value, reason=str(caught.value))

    said = capsys.readouterr().err
    assert "UniqueViolation 23505" in said
    assert NIM not in said and "DETAIL" not in said


@pytest.mark.parametrize(
    "words",
    [
        f"GET /status/{SECRET} fell over",
        f"to https://desk.example/kasus/{SECRET}",
        f"imaps://desk:{SECRET}@mail.example.ac.id/INBOX refused",
    ],
)
def test_an_address_that_opens_something_is_masked(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    structlog.get_logger().warning("waits", reason=words)

    assert SECRET not in capsys.readouterr().err


def test_a_log_that_nobody_reads_any_more_stops_no_work() -> None:
    end, other = os.pipe()
    code = "from tanggap.logs import configure; import structlog; configure('json'); structlog.get_logger().error('fell'); print('works on')"
    os.close(end)
    done = subprocess.run(
        [sys.executable, "-c", code], stderr=other, stdout=subprocess.PIPE, text=True, check=False
    )
    os.close(other)

    assert done.stdout.strip() == "works on"
