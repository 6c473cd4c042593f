"""Officers come, sit in lanes, link their chats and sign in. A password comes in as its hash (desk/passwords.py)."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from msgspec import Struct

from desk import factors, tries
from desk.secrets import fresh_code as fresh_code
from desk.secrets import hashed as hashed
from desk.seeing import needs_in
from sop.errors import N_, DeskError
from sop.language import Language
from sop.officer import DESK_LANES, Officer, Right
from store import office as offices
from store import officers, queue, sessions, trail
from store.db import Change, View
from store.sessions import Session

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
CODE_LASTS = timedelta(minutes=30)
TOUCH = timedelta(minutes=1)


class LoginTaken(DeskError):
    def __init__(self, login: str) -> None:
        super().__init__(N_("Nama pengguna “{login}” sudah dipakai. Pilih nama lain."), login=login)


class WrongLogin(DeskError):
    """The same words for a wrong name, a wrong password and a disabled account."""

    def __init__(self) -> None:
        super().__init__(N_("Nama pengguna atau kata sandi tidak cocok."))


class TooManyTries(DeskError):
    """Slows down, never locks: the owner gets in after the wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(N_("Terlalu banyak percobaan. Coba lagi dalam {seconds} detik."), seconds=seconds)


class UnknownLane(DeskError):
    def __init__(self, lane: str, known: str) -> None:
        super().__init__(N_("Peran “{lane}” tidak dikenal. Yang tersedia: {known}."), lane=lane, known=known)


class UnknownUnit(DeskError):
    def __init__(self, unit: str, known: str) -> None:
        super().__init__(N_("Unit “{unit}” tidak ada. Yang tersedia: {known}."), unit=unit, known=known)


class UnknownLogin(DeskError):
    def __init__(self, login: str) -> None:
        super().__init__(
            N_("Petugas “{login}” tidak ada. Lihat daftarnya dengan: tanggap staff list"), login=login
        )


class HoldsCases(DeskError):
    """Nobody leaves with open cases in hand: they are named, and handed over first."""

    def __init__(self, login: str, numbers: str) -> None:
        super().__init__(
            N_("{login} masih memegang tiket {numbers}. Alihkan dahulu, lalu ulangi."),
            login=login,
            numbers=numbers,
        )


class CodeInvalid(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Kode tidak berlaku. Minta kode baru dari menu akun di konsol."))


class Login(Struct, frozen=True, kw_only=True):
    """A session that begins: `token` goes into the cookie and is stored nowhere."""

    token: str
    form_token: str


def fresh_login() -> Login:
    return Login(token=token_urlsafe(32), form_token=token_urlsafe(24))


def signed_in(
    change: Change, officer: int, login: str, address: str, new: Login, device: str, now: datetime
) -> None:
    """Open a session. `now` is real time: moving the demo's clock signs nobody out."""
    tries.succeeded(change, login, address, now)
    sessions.forget(change, now, now - tries.KNOWN)
    session = Session(
        officer=officer,
        form_token=new.form_token,
        opened_at=now,
        seen_at=now,
        ends_at=now + LONGEST,
        device=device[:200],
    )
    sessions.add(change, hashed(new.token), session)
    trail.add(change, "signed_in", now, actor=officer)


def renewed(change: Change, old: Session, new: Login, now: datetime) -> None:
    """The same session under a new id, ending when the old one would have."""
    sessions.end(change, old.token_hash)
    session = Session(
        officer=old.officer,
        form_token=new.form_token,
        opened_at=old.opened_at,
        seen_at=now,
        ends_at=old.ends_at,
        device=old.device,
    )
    sessions.add(change, hashed(new.token), session)


def session_of(
    view: View, token: str, now: datetime, desk_now: datetime
) -> tuple[Session, Officer, int] | None:
    """Whose session a cookie is, and the office's version: `now` real time for the session, `desk_now` the desk's clock
    for the seats."""
    found = officers.of_session(view, hashed(token), now, desk_now)
    return found if found and now - found[0].seen_at <= IDLE else None


def touch(change: Change, token: str, now: datetime) -> None:
    """The session was used; called at most once a minute (`TOUCH`)."""
    sessions.touch(change, hashed(token), now)


def sign_out(change: Change, token: str) -> None:
    sessions.end(change, hashed(token))


def add(
    change: Change,
    *,
    login: str,
    name: str,
    password_hash: str,
    now: datetime,
    title: str = "",
    language: Language = "id",
    by: int | None = None,
) -> int:
    """A new officer, without any lane yet. Raises LoginTaken."""
    officer = officers.add(
        change, login=login.strip().lower(), name=name, title=title, language=language, at=now
    )
    if officer is None:
        raise LoginTaken(login)
    officers.set_password(change, officer, password_hash)
    trail.add(change, "officer.added", now, actor=by, officer=officer)
    return officer


def grant(
    change: Change,
    login: str,
    *,
    lane: str,
    unit: str,
    now: datetime,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    deputy_of: str = "",
    decree: str = "",
    by: int | None = None,
) -> None:
    """Seat an officer in a lane of a unit ("" is every unit), from now unless from later; `by` None: the machine's operator.

    Raises UnknownLogin, UnknownLane, UnknownUnit.
    """
    officer = _officer(change, login, now)
    place, role = _place(change, lane, unit)
    principal = _officer(change, deputy_of, now).id if deputy_of else None
    officers.seat(
        change,
        officer.id,
        lane=lane,
        role=role,
        unit=place,
        from_at=from_at or now,
        until_at=until_at,
        deputy_of=principal,
        decree=decree,
    )
    if factors.lacks(change, officer.id, role):
        sessions.end_all(change, officer.id)  # the next sign-in leads through the second step
    trail.add(change, "officer.granted", now, actor=by, officer=officer.id, lane=lane, unit=place)
    offices.changed(change)


def revoke(change: Change, login: str, *, lane: str, unit: str, now: datetime, by: int | None = None) -> bool:
    """End a seat; False when there was none. Raises HoldsCases for the last seat of who still holds tickets."""
    officer = _officer(change, login, now)
    if len(officer.seats) == 1:
        _empty_hands(change, officer)
    done = officers.unseat(change, officer.id, lane=lane, unit=_place(change, lane, unit)[0], at=now)
    if done:
        trail.add(change, "officer.revoked", now, actor=by, officer=officer.id, lane=lane)
        offices.changed(change)
    return done


def disable(change: Change, login: str, now: datetime, by: int | None = None) -> None:
    """No sign-in, no chat, no session left; what the officer did stays theirs. Raises HoldsCases."""
    officer = _officer(change, login, now)
    _empty_hands(change, officer)
    officers.set_active(change, officer.id, False)
    sessions.end_all(change, officer.id)
    trail.add(change, "officer.disabled", now, actor=by, officer=officer.id)
    offices.changed(change)


def set_password(change: Change, login: str, password_hash: str, now: datetime) -> None:
    """A new password ends every session, and every code that an older one had made: links, chats, half a sign-in."""
    officer = _officer(change, login, now)
    officers.set_password(change, officer.id, password_hash)
    sessions.end_all(change, officer.id)
    sessions.drop_all_codes(change, officer.id)
    trail.add(change, "officer.password", now, officer=officer.id)


def set_language(change: Change, actor: Officer, language: Language) -> None:
    officers.set_language(change, actor.id, language)


def offer_code(change: Change, login: str, purpose: str, code: str, now: datetime) -> None:
    """A one-time code to link a chat ("staff", "humas"); shown once, stored as a hash."""
    officer = _officer(change, login, now)
    sessions.add_code(change, hashed(code), purpose=purpose, officer=officer.id, ends_at=now + CODE_LASTS)


def link(change: Change, bot: str, chat: str, code: str, now: datetime) -> Officer:
    """The chat of who holds the code is theirs from now on. Raises CodeInvalid."""
    found = sessions.use_code(change, hashed(code.strip().upper()), bot, now)
    officer = officers.find(change, found["officer_id"], now) if found else None
    if officer is None:
        raise CodeInvalid
    officers.link_chat(change, bot=bot, chat=chat, officer=officer.id, at=now)
    trail.add(change, "officer.linked", now, actor=officer.id, bot=bot)
    offices.changed(change)
    return officer


def offer_group_code(change: Change, actor: Officer, unit: str, code: str, now: datetime) -> None:
    """A one-time code by which a staff group is linked to its unit. Raises NotAllowed, UnknownUnit."""
    place, _ = _place(change, "supervisor", unit)
    needs_in(actor, Right.STAFF, place)
    sessions.add_code(
        change, hashed(code), purpose="group", officer=actor.id, unit=place, ends_at=now + CODE_LASTS
    )


def link_group(change: Change, chat: str, code: str, now: datetime) -> str:
    """The group hears of its unit's tickets from now on; the unit's name. Raises CodeInvalid."""
    found = sessions.use_code(change, hashed(code.strip().upper()), "group", now)
    if found is None or found["unit_id"] is None:
        raise CodeInvalid
    offices.set_staff_chat(change, found["unit_id"], chat)
    trail.add(change, "group.linked", now, unit=found["unit_id"])
    offices.changed(change)
    return offices.current(change).units[found["unit_id"]].name


def _empty_hands(view: View, officer: Officer) -> None:
    held = queue.page(view, "mine", officer=officer.id, units=frozenset(), most=10)
    if held:
        raise HoldsCases(officer.login, ", ".join(f"#{line.id}" for line in held))


def _officer(view: View, login: str, now: datetime) -> Officer:
    officer = officers.by_login(view, login.strip().lower(), now)
    if officer is None:
        raise UnknownLogin(login)
    return officer


def _place(view: View, lane: str, unit: str) -> tuple[int | None, str]:
    """(the unit, None for all; the role that the lane has in the procedures of this office)."""
    office = offices.current(view)
    roles = {each.id: each.role.value for one in office.procedures for each in one.procedure.lanes}
    roles |= {each: each for each in DESK_LANES}
    if lane not in roles:
        raise UnknownLane(lane, ", ".join(sorted(roles)))
    if not unit:
        return None, roles[lane]
    found = next((each for each in office.units.values() if each.code == unit), None)
    if found is None:
        raise UnknownUnit(unit, ", ".join(sorted(each.code for each in office.units.values())))
    return found.id, roles[lane]
