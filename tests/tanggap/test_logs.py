"""What is logged says where it went wrong, never with whose words."""

import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from tanggap.logs import configure

WORDS = "Nilai saya salah, tolong rahasiakan"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before, handlers, level = structlog.get_config(), logging.root.handlers[:], logging.root.level
    yield
    structlog.configure(**before)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


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
