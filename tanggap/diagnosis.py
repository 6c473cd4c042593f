"""What an examination of the desk finds: how grave, in words, and the command that mends it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from enum import StrEnum
from ssl import SSLContext
from typing import Any

from msgspec import Struct

from store.db import Database
from tanggap.language import _
from tanggap.settings import Settings

PATIENCE = 10.0  # seconds for one look; what reads the whole database gets longer


class Grade(StrEnum):
    """`UNKNOWN`: it could not be looked at, which is no fault of the desk's."""

    WELL = "baik"
    UNKNOWN = "tidak diperiksa"
    WARNING = "peringatan"
    TROUBLE = "masalah"


class Finding(Struct, frozen=True):
    """`about` names the look, the same on every machine: a monitor may keep to it."""

    about: str
    grade: Grade
    words: str
    remedy: str = ""


class Patient(Struct, frozen=True, kw_only=True):
    """What is examined. `db` is None when it cannot be opened. `nameservers`, `trust`: other than the machine's own."""

    settings: Settings
    db: Database | None
    now: Callable[[], Any]
    nameservers: tuple[str, int] | None = None
    trust: SSLContext | None = None


Look = Callable[[Patient], Awaitable[Sequence[Finding]]]


def well(about: str, words: str) -> Finding:
    return Finding(about, Grade.WELL, words)


def warning(about: str, words: str, remedy: str) -> Finding:
    return Finding(about, Grade.WARNING, words, remedy)


def trouble(about: str, words: str, remedy: str) -> Finding:
    return Finding(about, Grade.TROUBLE, words, remedy)


def unknown(about: str, words: str) -> Finding:
    return Finding(about, Grade.UNKNOWN, words)


async def examine(patient: Patient, looks: Iterable[tuple[str, Look, float]]) -> list[Finding]:
    """All at once, each within its seconds; the gravest first within the order of the looks."""
    found = await asyncio.gather(*(_one(patient, name, look, seconds) for name, look, seconds in looks))
    return [finding for findings in found for finding in findings]


async def _one(patient: Patient, name: str, look: Look, seconds: float) -> Sequence[Finding]:
    """A look that fails itself says so, and the others go on."""
    try:
        async with asyncio.timeout(seconds):
            return await look(patient)
    except TimeoutError:
        return [unknown(name, _("tidak selesai dalam {seconds} detik", seconds=round(seconds)))]
    except Exception as error:
        return [unknown(name, _("tidak dapat diperiksa: {reason}", reason=type(error).__name__))]


def is_ill(findings: Iterable[Finding]) -> bool:
    return any(each.grade is Grade.TROUBLE for each in findings)
