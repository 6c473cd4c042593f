"""The second step of signing in: six digits of an app (TOTP), each good for one use, and what an office asks of whom."""

from datetime import datetime, timedelta
from hmac import compare_digest

import pyotp

from desk import tries
from desk.factor_seal import SealBroken, is_sealed, opened, sealed
from desk.secrets import hashed
from desk.seeing import needs_in
from sop.errors import N_, DeskError
from sop.officer import Officer, Right
from store import office as offices
from store import officers, sessions, trail
from store.db import Change, View

LENGTH = 32  # characters of a secret: 160 bits
SPAN = 30  # seconds of one code; the one before and the one after count too
HALFWAY = timedelta(minutes=10)  # between the password and the code
ASKED_OF = ("supervisor", "sysadmin")  # roles that an office may ask a second step of
SETTING = "second_factor"


class CodeWrong(DeskError):
    """A wrong code and one that was used before read the same."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Kode tidak cocok. Periksa jam perangkat Anda, lalu ketik kode yang sedang tampil di aplikasi; setiap kode hanya sekali pakai."
            )
        )


class FactorUnreadable(DeskError):
    """The desk's own secret is another one than when the second step was set up."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Verifikasi dua langkah akun ini tidak terbaca lagi karena rahasia meja diganti. Minta pengelola sistem "
                "menjalankan: tanggap staff reset NAMA --factor"
            )
        )


class HalfwayOver(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_("Waktu untuk langkah kedua sudah habis. Masuk lagi dengan nama pengguna dan kata sandi.")
        )


class FactorThere(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Verifikasi dua langkah sudah aktif di akun ini."))


class FactorAsked(DeskError):
    """The office asks a second step of this role: it can be renewed, not left out."""

    def __init__(self) -> None:
        super().__init__(
            N_("Kantor ini mewajibkan verifikasi dua langkah untuk peran Anda; ia tidak dapat dimatikan.")
        )


class OwnFactorFirst(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "Aktifkan dahulu verifikasi dua langkah di akun Anda sendiri, agar Anda tidak terkunci di luar."
            )
        )


def fresh_secret() -> str:
    return str(pyotp.random_base32(LENGTH))


def address(secret: str, login: str, desk: str) -> str:
    """What an app reads from the QR code."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=desk))


def span_of(secret: str, code: str, now: datetime) -> int:
    """In which span of `SPAN` seconds the code holds. `now` is real time. Raises CodeWrong."""
    given = "".join(code.split())
    current = int(now.timestamp()) // SPAN
    if given.isascii() and given.isdigit():
        for span in (current, current - 1, current + 1):
            if compare_digest(pyotp.HOTP(secret).at(span), given):
                return span
    raise CodeWrong


def confirm(
    change: Change, actor: Officer, secret: str, code: str, real: datetime, now: datetime, key: str
) -> None:
    """From now on a code is asked for: the app proved that it holds the secret. `key` is the desk's own secret, under
    which this one is kept. Raises CodeWrong, FactorThere."""
    if len(secret) != LENGTH or set(secret) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
        raise CodeWrong
    span = span_of(secret, code, real)
    if officers.factor(change, actor.id):
        raise FactorThere
    officers.set_factor(change, actor.id, sealed(key, actor.id, secret), span)
    trail.add(change, "officer.factor", now, actor=actor.id, officer=actor.id)


def remove(change: Change, actor: Officer, now: datetime) -> None:
    """Raises FactorAsked."""
    if asked_of(change, actor):
        raise FactorAsked
    officers.set_factor(change, actor.id, "", 0)
    trail.add(change, "officer.factor.removed", now, actor=actor.id, officer=actor.id)


def pass_code(change: Change, officer: int, code: str, real: datetime, key: str) -> None:
    """A code once used, and any older, opens nothing more. Raises CodeWrong, FactorUnreadable."""
    kept = officers.factor(change, officer)
    try:
        secret = opened(key, officer, kept)
    except SealBroken:
        raise FactorUnreadable from None
    if not secret:
        raise CodeWrong
    span = span_of(secret, code, real)
    if not officers.use_span(change, officer, span):
        raise CodeWrong
    if not is_sealed(kept):  # from before secrets were sealed
        officers.set_factor(change, officer, sealed(key, officer, secret), span)


def begin(change: Change, officer: int, token: str, real: datetime) -> None:
    """The first step is done: whoever holds the token may try the second."""
    sessions.add_code(change, hashed(token), purpose="half", officer=officer, ends_at=real + HALFWAY)


def begun(view: View, token: str, real: datetime) -> int:
    """Whose first step it was. Raises HalfwayOver."""
    found = sessions.find_code(view, hashed(token), "half", real)
    if found is None:
        raise HalfwayOver
    return int(found["officer_id"])


def finish(change: Change, token: str, officer: int, login: str, code: str, real: datetime, key: str) -> None:
    """The second step. Raises HalfwayOver, CodeWrong, FactorUnreadable."""
    pass_code(change, officer, code, real, key)
    if sessions.use_code(change, hashed(token), "half", real) is None:
        raise HalfwayOver
    tries.succeeded_alone(change, f"code:{login}")


def finish_first(
    change: Change,
    token: str,
    actor: Officer,
    secret: str,
    code: str,
    real: datetime,
    now: datetime,
    key: str,
) -> None:
    """The second step of who has none yet and is asked for one. Raises HalfwayOver, CodeWrong, FactorThere."""
    confirm(change, actor, secret, code, real, now, key)
    if sessions.use_code(change, hashed(token), "half", real) is None:
        raise HalfwayOver
    tries.succeeded_alone(change, f"code:{actor.login}")


def wanted(view: View) -> bool:
    return offices.setting(view, SETTING, False) is True


def asked_of(view: View, officer: Officer) -> bool:
    """Whether this office asks a second step of that officer."""
    return any(seat.role in ASKED_OF for seat in officer.seats) and wanted(view)


def lacks(view: View, officer: int, role: str) -> bool:
    """Whether a second step is asked of that role, and this officer has none."""
    return role in ASKED_OF and wanted(view) and not officers.factor(view, officer)


def ask_of_all(change: Change, actor: Officer, on: bool, now: datetime) -> None:
    """Ask supervisors and administrators for it, or no longer. Who has none signs in anew and sets one up.

    Raises NotAllowed, OwnFactorFirst.
    """
    needs_in(actor, Right.STAFF, None)
    if on and not officers.factor(change, actor.id):
        raise OwnFactorFirst
    offices.set_setting(change, SETTING, on)
    trail.add(change, "factor.asked" if on else "factor.free", now, actor=actor.id)
    if on:
        for each in officers.without_factor(change, ASKED_OF, now):
            sessions.end_all(change, each)
    offices.changed(change)
