"""All that `tanggap doctor` looks at, on a desk that may be ill in any of it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from ssl import SSLContext

from sop.errors import DeskError
from store import snapshot
from store.db import Database, open_database
from tanggap import doctor_channels, doctor_machine, doctor_network, doctor_serving, doctor_store
from tanggap.diagnosis import PATIENCE, Finding, Look, Patient, examine, trouble
from tanggap.language import _
from tanggap.opened import reason_of
from tanggap.settings import Settings, faults, read_settings

LONG = 300.0  # seconds for what reads the whole store
RESTORE = "tanggap restore BERKAS"


def diagnose(
    config: Path,
    environ: Mapping[str, str],
    now: Callable[[], datetime],
    *,
    nameservers: tuple[str, int] | None = None,
    trust: SSLContext | None = None,
) -> list[Finding]:
    """Every finding. Never raises for what is wrong with the desk."""
    found = faults(config, environ)
    if found:
        return [trouble("settings", str(fault), f"tanggap check --config {config}") for fault in found]
    settings = read_settings(config, environ)
    return asyncio.run(_diagnose(settings, now, nameservers, trust))


async def _diagnose(
    settings: Settings,
    now: Callable[[], datetime],
    nameservers: tuple[str, int] | None,
    trust: SSLContext | None,
) -> list[Finding]:
    async with AsyncExitStack() as stack:
        db, closed = await _opened(settings, stack)
        patient = Patient(settings=settings, db=db, now=now, nameservers=nameservers, trust=trust)
        return [*closed, *await examine(patient, _looks(patient))]


def _looks(patient: Patient) -> list[tuple[str, Look, float]]:
    looks: list[tuple[str, Look, float]] = [
        ("clock", doctor_machine.clock, PATIENCE),
        ("disk", doctor_machine.disk, LONG),
        ("secrets", doctor_machine.secrets, PATIENCE),
        ("serving", doctor_serving.serving, PATIENCE),
    ]
    if patient.db:
        looks += [
            ("database", doctor_store.database, LONG),
            ("files", doctor_store.files, LONG),
            ("outbox", doctor_store.waiting, PATIENCE),
            ("backup", doctor_store.kept, PATIENCE),
        ]
    looks += doctor_channels.looks(patient)
    return [
        *looks,
        ("dns", doctor_network.mail_names, 2 * PATIENCE),
        ("tls", doctor_network.certificate, PATIENCE),
    ]


def _missing(url: str) -> Path | None:
    """SQLite's file, when it is not there: opening would make an empty one."""
    file = Path(url.removeprefix("sqlite:///"))
    return file if snapshot.engine(url) == "sqlite" and not file.is_file() else None


async def _opened(settings: Settings, stack: AsyncExitStack) -> tuple[Database | None, list[Finding]]:
    """The open store, or why it does not open."""
    url = settings.store.url
    if file := _missing(url):
        words = _("basis data {file} tidak ada", file=file)
        return None, [
            trouble("database", words, _("tanggap migrate, atau tanggap restore BERKAS bila pernah ada"))
        ]
    try:
        db = await stack.enter_async_context(open_database(url))
        await db.read(lambda view: view.one("SELECT 1 AS one"))
    except DeskError as error:
        return None, [trouble("database", str(error), RESTORE)]
    except Exception as error:
        words = _("basis data tidak dapat dibuka: {reason}", reason=reason_of(error))
        remedy = RESTORE if snapshot.engine(url) == "sqlite" else "sudo systemctl status postgresql"
        return None, [trouble("database", words, remedy)]
    return db, []
