"""What the operator of the machine must hear of, and what to do about it: pure, from what is so now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from sop.errors import N_

AHEAD = timedelta(minutes=5)  # clocks of two machines differ by less


class Bounds(Struct, frozen=True, kw_only=True):
    """From where on something is a trouble. `disk` is the free share."""

    outbox: timedelta = timedelta(minutes=15)
    disk: float = 0.10
    backup: timedelta = timedelta(hours=36)


class Space(Struct, frozen=True, kw_only=True):
    """Of the disk on which a folder of the desk lies, in bytes. `place` is that folder."""

    free: int
    total: int
    place: str = "data"

    @property
    def share(self) -> float:
        return self.free / self.total if self.total else 1.0


class Backups(Struct, frozen=True, kw_only=True):
    """`nightly`: config.yaml asks for them. `good_at`: the last one that was read back whole."""

    nightly: bool = False
    tried: bool = False
    failed: bool = False
    good_at: datetime | None = None
    reason: str = ""


class Facts(Struct, frozen=True, kw_only=True):
    """What is so now. `outbox`: channel -> (since when its oldest message waits, how many wait).

    `damaged`: part of the database cannot be read. `newest`: the latest that the clock ever showed.
    `away`: way in -> (since when nothing can be fetched from it, why).
    """

    outbox: Mapping[str, tuple[datetime, int]] = {}
    refused: frozenset[str] = frozenset()
    down: tuple[str, ...] = ()
    space: Space | None = None
    backups: Backups = Backups()
    parked: int = 0
    damaged: bool = False
    newest: datetime | None = None
    away: Mapping[str, tuple[datetime, str]] = {}


class Trouble(Struct, frozen=True, kw_only=True):
    """`kind` names it as long as it lasts. `message` and `remedy` are untranslated; times in `params` are datetimes."""

    kind: str
    message: str
    remedy: str
    params: Mapping[str, Any] = {}


SECRET_OF = {"telegram": "channels.telegram.token", "whatsapp": "channels.whatsapp.auth_token"} | {
    "mail": "channels.mail (inbox, outbox)",
    "staff": "bots.staff.token",
    "humas": "bots.humas.token",
}


def troubles(facts: Facts, bounds: Bounds, now: datetime) -> tuple[Trouble, ...]:
    """Each that holds now, one a kind."""
    return (
        *_damaged(facts),
        *_clock(facts, now),
        *_refused(facts),
        *_outbox(facts, bounds, now),
        *_away(facts, bounds, now),
        *_disk(facts, bounds),
        *_backup(facts, bounds, now),
        *_loops(facts),
        *_parked(facts),
    )


def _damaged(facts: Facts) -> list[Trouble]:
    if not facts.damaged:
        return []
    return [
        Trouble(
            kind="database",
            message=N_(
                "Basis data rusak: ada bagian yang tidak dapat dibaca. Pesan yang mengenainya menunggu di penyedianya."
            ),
            remedy=N_(
                "Jangan hapus apa pun. Jalankan tanggap doctor, hentikan meja, lalu pulihkan cadangan terakhir di tempat kosong dengan tanggap restore BERKAS."
            ),
        )
    ]


def _clock(facts: Facts, now: datetime) -> list[Trouble]:
    """Nothing is lost by it: what the later clock had put off is sent, and no step is swept twice."""
    if facts.newest is None or facts.newest - now < AHEAD:
        return []
    return [
        Trouble(
            kind="clock",
            message=N_(
                "Jam mesin mundur: tadi sudah {since}, padahal menurut jam sekarang waktu itu belum tiba."
            ),
            remedy=N_(
                "Selaraskan jamnya dengan sudo timedatectl set-ntp true. Tidak ada pesan yang hilang; tenggat dihitung dari jam yang sekarang."
            ),
            params={"since": facts.newest},
        )
    ]


def _refused(facts: Facts) -> list[Trouble]:
    return [
        Trouble(
            kind=f"secret.{name}",
            message=N_(
                "Rahasia {channel} ditolak penyedianya: pesan lewat sana tidak masuk atau tidak keluar."
            ),
            remedy=N_(
                "Perbarui {key} (di config.yaml atau .env), periksa dengan tanggap check, lalu mulai ulang meja. Pesan tersimpan dan dikirim sesudahnya."
            ),
            params={"channel": name, "key": SECRET_OF.get(name, name)},
        )
        for name in sorted(facts.refused)
    ]


def _outbox(facts: Facts, bounds: Bounds, now: datetime) -> list[Trouble]:
    return [
        Trouble(
            kind=f"outbox.{name}",
            message=N_("Pesan keluar lewat {channel} menunggu sejak {since}; jumlahnya {count}."),
            remedy=N_(
                "Jalankan tanggap doctor untuk memeriksa sambungan ke penyedia. Pesan tetap tersimpan dan dikirim begitu jalannya terbuka."
            ),
            params={"channel": name, "since": since, "count": count},
        )
        for name, (since, count) in sorted(facts.outbox.items())
        if now - since >= bounds.outbox
    ]


def _away(facts: Facts, bounds: Bounds, now: datetime) -> list[Trouble]:
    return [
        Trouble(
            kind=f"away.{name}",
            message=N_("Pesan masuk lewat {channel} tidak terambil sejak {since}: {reason}."),
            remedy=N_(
                "Jalankan tanggap doctor dan hubungi pengelola server itu. Pesan menunggu di sana dan diambil begitu terbuka lagi."
            ),
            params={"channel": name, "since": since, "reason": reason},
        )
        for name, (since, reason) in sorted(facts.away.items())
        if name not in facts.refused and now - since >= bounds.outbox
    ]


def _disk(facts: Facts, bounds: Bounds) -> list[Trouble]:
    if facts.space is None or facts.space.share >= bounds.disk:
        return []
    return [
        Trouble(
            kind="disk",
            message=N_("Ruang disk di {place} tinggal {share} ({free})."),
            remedy=N_(
                "Kosongkan ruang atau perbesar disk. Bila penuh, pesan baru menunggu di penyedianya dan masuk setelah ada ruang."
            ),
            params={"place": facts.space.place, "share": facts.space.share, "free": facts.space.free},
        )
    ]


def _backup(facts: Facts, bounds: Bounds, now: datetime) -> list[Trouble]:
    backups = facts.backups
    if not backups.nightly and not backups.tried:
        return []
    remedy = N_("Buat sekarang dengan tanggap backup BERKAS, dan baca apa katanya.")
    if backups.failed:
        message, params = N_("Cadangan terakhir gagal: {reason}"), {"reason": backups.reason}
        return [Trouble(kind="backup", message=message, remedy=remedy, params=params)]
    if backups.good_at is not None and now - backups.good_at >= bounds.backup:
        message = N_("Cadangan terakhir yang utuh dibuat {since}.")
        return [Trouble(kind="backup", message=message, remedy=remedy, params={"since": backups.good_at})]
    return []


def _loops(facts: Facts) -> list[Trouble]:
    return [
        Trouble(
            kind=f"loop.{name}",
            message=N_("Pekerjaan “{name}” terhenti karena kesalahan program dan dimulai lagi."),
            remedy=N_(
                "Lihat catatan meja (journalctl -u tanggap, baris “loop fell over” atau “tick failed”) dan laporkan beserta versinya."
            ),
            params={"name": name},
        )
        for name in facts.down
    ]


def _parked(facts: Facts) -> list[Trouble]:
    if not facts.parked:
        return []
    return [
        Trouble(
            kind="parked",
            message=N_("Pesan masuk yang ditahan karena tidak terbaca: {count}."),
            remedy=N_(
                "Minta penyelia membuka halaman Penyelia: di sana dapat dicoba lagi atau disingkirkan."
            ),
            params={"count": facts.parked},
        )
    ]
