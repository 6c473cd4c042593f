"""The machine under the desk: its clock, its disk, who may read what, and secrets that lie open."""

import asyncio
import os
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sop.errors import Unavailable
from store import growth
from tanggap.diagnosis import Finding, Patient, trouble, unknown, warning, well
from tanggap.language import _
from tanggap.settings import Settings
from tanggap.watch import bounds
from tanggap.yaml_lines import read_lined

BACK = timedelta(minutes=5)  # so far the clock may stand behind the newest event
LEAST = 0.03  # of the disk that is free: a trouble below it; a warning below what `watch.disk_percent` says
DAYS = 30  # a disk that is full sooner is told of
LONG = 1000  # days from which on nobody counts them
SECRETS = frozenset({"token", "secret", "auth_token", "client_secret", "metrics_token"})
ADDRESSES = frozenset({"inbox", "outbox", "url"})  # which may hold a password
SYNCHRONIZE = "sudo timedatectl set-ntp true"


async def clock(patient: Patient) -> Sequence[Finding]:
    """Due times are facts of the calendar: a clock that is wrong breaches promises or hides it."""
    findings = []
    newest = await patient.db.read(growth.newest) if patient.db else None
    if newest and patient.now() < newest - BACK:
        zone = patient.settings.desk.zone
        words = _(
            "jam mesin mundur: sekarang {now}, kejadian terakhir {newest}",
            now=f"{patient.now().astimezone(zone):%Y-%m-%d %H.%M}",
            newest=f"{newest.astimezone(zone):%Y-%m-%d %H.%M}",
        )
        findings.append(trouble("clock", words, SYNCHRONIZE))
    match await _synchronized():
        case "yes":
            findings.append(well("clock", _("jam mesin diselaraskan lewat jaringan")))
        case "no":
            findings.append(warning("clock", _("jam mesin tidak diselaraskan lewat jaringan"), SYNCHRONIZE))
        case _:
            findings.append(unknown("clock", _("penyelarasan jam tidak dapat dibaca di mesin ini")))
    return findings


async def _synchronized() -> str:
    """systemd's word; "" where there is none."""
    if not shutil.which("timedatectl"):
        return ""
    words = ("timedatectl", "show", "--property=NTPSynchronized", "--value")
    asked = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    said, _none = await asked.communicate()
    return said.decode().strip()


async def disk(patient: Patient) -> Sequence[Finding]:
    findings, seen = [], set()
    daily = await _daily(patient)
    for folder in folders(patient.settings):
        if not folder.exists():
            findings.append(
                trouble("disk", _("folder {folder} tidak ada", folder=folder), f"mkdir -p {folder}")
            )
            continue
        if not os.access(folder, os.W_OK | os.X_OK):
            remedy = f"sudo chown -R {_owner()} {folder}"
            findings.append(trouble("disk", _("folder {folder} tidak dapat ditulisi", folder=folder), remedy))
        if (device := folder.stat().st_dev) not in seen:
            seen.add(device)
            findings.append(_room(folder, daily, bounds(patient.settings).disk))
    return findings


def _room(folder: Path, daily: float, least: float) -> Finding:
    usage = shutil.disk_usage(folder)
    share, days = usage.free / usage.total, usage.free / daily if daily else None
    words = _(
        "{folder}: sisa {free} GB ({percent} %)",
        folder=folder,
        free=round(usage.free / 1e9, 1),
        percent=round(share * 100),
    )
    if days is not None and days < LONG:
        words += ", " + _("cukup kira-kira {days} hari pada laju 30 hari terakhir", days=round(days))
    remedy = f"du -xh --max-depth=2 {folder} | sort -h | tail"
    if share < LEAST:
        return trouble("disk", words, remedy)
    if share < least or (days is not None and days < DAYS):
        return warning("disk", words, remedy)
    return well("disk", words)


async def _daily(patient: Patient) -> float:
    """Bytes a day over the last thirty; 0 where the store cannot say."""
    if patient.db is None:
        return 0.0
    try:
        return await patient.db.read(growth.daily, patient.now() - timedelta(days=DAYS), DAYS)
    except Unavailable:
        return 0.0


def folders(settings: Settings) -> list[Path]:
    """Where the desk writes."""
    found = [settings.store.files]
    if settings.store.url.startswith("sqlite:///"):
        found.insert(0, Path(settings.store.url.removeprefix("sqlite:///")).parent)
    if settings.backup:
        found.append(settings.backup.folder)
    return found


def _owner() -> str:
    return str(os.getuid())


async def secrets(patient: Patient) -> Sequence[Finding]:
    """Whoever reads these files can speak as the desk."""
    settings = patient.settings
    findings = []
    open_to_all = [
        path
        for path in (settings.folder / settings.file, *_databases(settings))
        if path.is_file() and path.stat().st_mode & 0o077 and _holds(path, settings)
    ]
    for path in open_to_all:
        words = _("{path} dapat dibaca pengguna lain di mesin ini", path=path)
        findings.append(warning("secrets", words, f"chmod 600 {path}"))
    for key in plain_secrets(settings.folder / settings.file):
        words = _("{key} tertulis langsung di {file}", key=key, file=settings.file)
        remedy = _("pindahkan nilainya ke .env, dan tulis {hole} di sini", hole='"${NAMA}"')
        findings.append(warning("secrets", words, remedy))
    url = urlsplit(settings.desk.public_url)
    if url.scheme == "http" and url.hostname not in ("127.0.0.1", "localhost", "::1"):
        words = _("public_url memakai http: kata sandi petugas lewat tanpa sandi")
        findings.append(trouble("secrets", words, "docs/proxy.md"))
    return findings or [well("secrets", _("rahasia ada, cukup kuat, dan hanya terbaca oleh pemiliknya"))]


def _databases(settings: Settings) -> list[Path]:
    """Within a folder that nobody else may enter, a file's own bits say little."""
    if not settings.store.url.startswith("sqlite:///"):
        return []
    path = Path(settings.store.url.removeprefix("sqlite:///"))
    return [path] if path.parent.exists() and path.parent.stat().st_mode & 0o077 else []


def _holds(path: Path, settings: Settings) -> bool:
    """config.yaml may be read by all, as long as it only names its secrets."""
    return path.name != settings.file or bool(plain_secrets(path))


def plain_secrets(path: Path) -> list[str]:
    """Dotted keys whose secret stands in the file itself and not as `${NAME}`."""
    values = read_lined(path.read_text(encoding="utf-8")).values if path.is_file() else {}
    return sorted(_plain(values, ()))


def _plain(value: Any, path: tuple[str, ...]) -> list[str]:
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in _plain(item, (*path, str(key)))]
    if not isinstance(value, str) or not path or "${" in value or not value:
        return []
    secret = path[-1] in SECRETS or (path[-1] in ADDRESSES and _password(value))
    return [".".join(path)] if secret else []


def _password(address: str) -> bool:
    head, at, _rest = address.partition("://")[2].rpartition("@")
    return bool(at) and bool(head.partition(":")[2])
