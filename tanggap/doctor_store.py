"""The desk's store: schema and integrity, files and their rows, what waits too long, and its backups."""

import asyncio
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from desk import backups
from desk import state as desk_state
from sop.errors import DeskError
from store import schema, snapshot, state
from store.db import View
from tanggap.backup import nightly_ones
from tanggap.blocks import Backup
from tanggap.diagnosis import Finding, Patient, trouble, warning, well
from tanggap.language import _
from tanggap.watch import bounds

YOUNG = 24 * 3600  # seconds in which a file may wait for its row, or to be taken away
BACK_UP = "tanggap backup cadangan.tar.gz"


async def database(patient: Patient) -> Sequence[Finding]:
    """SQLite is read page by page; PostgreSQL keeps its own house."""
    assert patient.db is not None
    try:
        await schema.check(patient.db)
    except schema.SchemaNewer as error:
        return [trouble("database", str(error), 'pip install --upgrade "tanggap"')]
    except DeskError as error:
        return [trouble("database", str(error), "tanggap migrate")]
    url = patient.settings.store.url
    if snapshot.engine(url) != "sqlite":
        return [well("database", _("PostgreSQL menjawab; skemanya versi {head}", head=schema.HEAD))]
    fault = await asyncio.to_thread(snapshot.fault, url)
    if fault:
        words = _("basis data rusak: {fault}", fault=fault)
        return [
            trouble("database", words, _("hentikan meja, pindahkan berkasnya, lalu: tanggap restore BERKAS"))
        ]
    return [well("database", _("basis data utuh; skemanya versi {head}", head=schema.HEAD))]


async def files(patient: Patient) -> Sequence[Finding]:
    """Rows without files are lost words; files without rows only take room."""
    assert patient.db is not None
    root = patient.settings.store.files
    known = await patient.db.read(_known)
    there = await asyncio.to_thread(_there, root)
    lost, spare = sorted(known - there.keys()), there.keys() - known
    old = [name for name in sorted(spare) if patient.now().timestamp() - there[name] > YOUNG]
    findings = []
    if lost:
        words = _("{count} lampiran tidak ada di folder, misalnya {name}", count=len(lost), name=lost[0])
        findings.append(
            trouble("files", words, _("salin dari cadangan ke {root}: tar -xf CADANGAN files", root=root))
        )
    if old:
        words = _("{count} berkas tidak dirujuk basis data, misalnya {name}", count=len(old), name=old[0])
        findings.append(warning("files", words, f"mv {root / old[0]} /tmp/"))
    return findings or [well("files", _("{count} lampiran, semuanya ada", count=len(known)))]


def _known(view: View) -> set[str]:
    return {place for place, _hash in snapshot.kept_files(view)}


def _there(root: Path) -> dict[str, float]:
    """Place -> when it was written."""
    return {
        f"{folder.name}/{file.name}": file.stat().st_mtime
        for folder in os.scandir(root)
        if folder.is_dir()
        for file in os.scandir(folder)
    }


async def waiting(patient: Patient) -> Sequence[Finding]:
    assert patient.db is not None
    now = patient.now()
    standing = await patient.db.read(state.standing, now, now)
    findings = []
    for channel, (since, count) in sorted(desk_state.waiting(standing).items()):
        if now - since >= bounds(patient.settings).outbox:
            words = _(
                "{count} pesan keluar lewat {channel} menunggu, yang tertua {minutes} menit",
                count=count,
                channel=channel,
                minutes=round((now - since).total_seconds() / 60),
            )
            findings.append(trouble("outbox", words, "sudo systemctl restart tanggap"))
    if dead := sum(heap.n for heap in standing.dead.values()):
        words = _("{count} pesan tidak terkirim dan belum ditangani", count=dead)
        findings.append(warning("outbox", words, _("buka {address}", address=_page(patient, "/gagal"))))
    if standing.parked.n:
        words = _("{count} pesan masuk tidak terbaca dan diparkir", count=standing.parked.n)
        findings.append(warning("parked", words, _("buka {address}", address=_page(patient, "/penyelia"))))
    return findings or [well("outbox", _("tidak ada pesan yang menunggu terlalu lama"))]


def _page(patient: Patient, path: str) -> str:
    return f"{patient.settings.desk.public_url}{path}"


async def kept(patient: Patient) -> Sequence[Finding]:
    """A backup is good when it was read back; one that nobody takes is a trouble that comes later."""
    assert patient.db is not None
    block, last = patient.settings.backup, await patient.db.read(backups.last)
    if last and not last.good:
        words = _("cadangan terakhir gagal: {reason}", reason=last.reason)
        return [trouble("backup", words, BACK_UP)]
    if last is None or not last.good_at:
        remedy = BACK_UP if block else _("isi blok backup di config.yaml, lalu mulai ulang meja")
        return [(trouble if block else warning)("backup", _("belum pernah ada cadangan"), remedy)]
    age = patient.now() - datetime.fromisoformat(last.good_at)
    hours = round(age.total_seconds() / 3600)
    if age >= bounds(patient.settings).backup:
        return [trouble("backup", _("cadangan terakhir sudah {hours} jam yang lalu", hours=hours), BACK_UP)]
    if block and not _there_is_one(block, last):
        words = _("berkas cadangan terakhir tidak ada lagi: {file}", file=last.file)
        return [trouble("backup", words, BACK_UP)]
    if block is None:
        words = _("cadangan terakhir {hours} jam yang lalu, dengan tangan", hours=hours)
        return [warning("backup", words, _("isi blok backup di config.yaml, lalu mulai ulang meja"))]
    return [well("backup", _("cadangan terakhir {hours} jam yang lalu, dibaca ulang dan utuh", hours=hours))]


def _there_is_one(block: Backup, last: backups.Outcome) -> bool:
    return bool(nightly_ones(block.folder)) or Path(last.file).exists()
