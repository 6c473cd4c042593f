"""The supervisor's hand on accounts: who one is, whether one may sign in, where one is signed in, and a way back in."""

from datetime import datetime, timedelta

from desk import staff
from desk.own import SessionGone
from desk.roster import needs_for
from desk.secrets import hashed
from desk.seeing import needs
from sop.errors import N_, DeskError, NotFound
from sop.language import Language
from sop.officer import Officer, Right
from store import office as offices
from store import officers, roster, sessions, trail
from store.db import Change, View
from store.roster import Person

RESET_LASTS = timedelta(hours=24)
SUBJECT_LONGEST = 255


class NoSuchAccount(NotFound):
    """Absent, or of none of the reader's units: the sentence names nobody."""

    def __init__(self) -> None:
        DeskError.__init__(self, N_("Akun itu tidak ada di unit Anda."))


class NotOneself(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Akun sendiri tidak dapat Anda tutup. Minta penyelia lain melakukannya."))


class LinkOver(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Tautan ini tidak berlaku lagi. Minta tautan baru kepada penyelia Anda."))


class SubjectTaken(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Identitas SSO itu sudah terhubung dengan petugas lain."))


def visible(view: View, actor: Officer, login: str, now: datetime) -> Person:
    """Of one's own units. Raises NotAllowed, NoSuchAccount (a foreign one looks like one that is not there)."""
    needs(actor, Right.STAFF)
    person = roster.person(view, login)
    if person is None or not _reaches(actor, roster.units_of(view, person.id, now)):
        raise NoSuchAccount
    return person


def _reaches(actor: Officer, units: list[int | None]) -> bool:
    return actor.units(Right.STAFF) is None or any(actor.has(Right.STAFF, each) for each in units)


def all_visible(view: View, actor: Officer, now: datetime) -> list[Person]:
    """Raises NotAllowed."""
    needs(actor, Right.STAFF)
    places = roster.places(view, now)
    return [each for each in roster.people(view) if _reaches(actor, places.get(each.id, []))]


def _theirs(view: View, actor: Officer, login: str, now: datetime) -> Person:
    """Whom one may change: the right is needed wherever they sit. Raises NotAllowed, NotFound."""
    person = visible(view, actor, login, now)
    for unit in roster.units_of(view, person.id, now) or [None]:
        needs_for(actor, unit)
    return person


def edit(
    change: Change, actor: Officer, login: str, *, name: str, title: str, language: Language, now: datetime
) -> None:
    """Raises NotAllowed, NotFound."""
    person = _theirs(change, actor, login, now)
    officers.rename(change, person.id, name=name, title=title, language=language)
    trail.add(change, "officer.edited", now, actor=actor.id, officer=person.id)
    offices.changed(change)


def close(change: Change, actor: Officer, login: str, now: datetime) -> None:
    """No way in any more; what they did stays theirs. Raises NotAllowed, NotFound, NotOneself, HoldsCases."""
    person = _theirs(change, actor, login, now)
    if person.id == actor.id:
        raise NotOneself
    staff.disable(change, person.login, now, by=actor.id)


def reopen(change: Change, actor: Officer, login: str, now: datetime) -> None:
    """The same account with the seats that have not ended. Raises NotAllowed, NotFound."""
    person = _theirs(change, actor, login, now)
    officers.set_active(change, person.id, True)
    trail.add(change, "officer.enabled", now, actor=actor.id, officer=person.id)
    offices.changed(change)


def end_session(
    change: Change, actor: Officer, login: str, token_hash: str, real: datetime, now: datetime
) -> None:
    """Sign somebody out on one device. Raises NotAllowed, NotFound, SessionGone."""
    person = _theirs(change, actor, login, now)
    if not any(each.token_hash == token_hash for each in sessions.of_officer(change, person.id, real)):
        raise SessionGone
    sessions.end(change, token_hash)
    trail.add(change, "sessions.ended", now, actor=actor.id, officer=person.id)


def end_sessions(change: Change, actor: Officer, login: str, now: datetime) -> None:
    """Sign somebody out everywhere. Raises NotAllowed, NotFound."""
    person = _theirs(change, actor, login, now)
    sessions.end_all(change, person.id)
    trail.add(change, "sessions.ended", now, actor=actor.id, officer=person.id)


def link_subject(change: Change, actor: Officer, login: str, subject: str, now: datetime) -> None:
    """Who the office's identity provider says that officer is; "" for nobody. Raises NotAllowed, NotFound, SubjectTaken."""
    person = _theirs(change, actor, login, now)
    _free(change, person.id, subject)
    officers.set_subject(change, person.id, subject)
    trail.add(change, "officer.sso", now, actor=actor.id, officer=person.id, linked=bool(subject))


def _free(view: View, officer: int, subject: str) -> None:
    holder = officers.of_subject(view, subject) if subject else None
    if holder not in (None, officer):
        raise SubjectTaken


def of_provider(change: Change, subject: str, own: str, now: datetime) -> int | None:
    """Whom the identity provider means: linked before, or by the login of a verified address of the office's domain.

    An account that is linked to somebody else, or closed, or not there, is never taken: None.
    """
    linked = officers.of_subject(change, subject)
    if linked is not None:
        return linked
    person = roster.person(change, own) if own else None
    if person is None or not person.active or person.subject:
        return None
    officers.set_subject(change, person.id, subject)
    trail.add(change, "officer.sso", now, actor=person.id, officer=person.id, linked=True)
    return person.id


def offer_reset(
    change: Change, actor: Officer, login: str, token: str, factor: bool, real: datetime, now: datetime
) -> None:
    """A link by which the officer chooses a new password, once; older links end. `factor`: a lost second step goes too.

    Raises NotAllowed, NotFound.
    """
    person = _theirs(change, actor, login, now)
    _offer(change, person, token, factor, real, now, actor.id)


def offer_reset_by_operator(
    change: Change, login: str, token: str, factor: bool, real: datetime, now: datetime
) -> None:
    """The same by who runs the machine, for a desk whose only supervisor is locked out. Raises UnknownLogin."""
    person = roster.person(change, login.strip().lower())
    if person is None or not person.active:
        raise staff.UnknownLogin(login)
    _offer(change, person, token, factor, real, now, None)


def _offer(
    change: Change,
    person: Person,
    token: str,
    factor: bool,
    real: datetime,
    now: datetime,
    by: int | None,
) -> None:
    for purpose in ("reset", "recover"):
        sessions.drop_codes(change, person.id, purpose)
    sessions.add_code(
        change,
        hashed(token),
        purpose="recover" if factor else "reset",
        officer=person.id,
        ends_at=real + RESET_LASTS,
    )
    trail.add(change, "reset.offered", now, actor=by, officer=person.id, factor=factor)


def reset_of(view: View, token: str, real: datetime, now: datetime) -> tuple[Officer, bool]:
    """(whose link it is, whether the second step goes too). Raises LinkOver."""
    for purpose in ("reset", "recover"):
        found = sessions.find_code(view, hashed(token), purpose, real)
        officer = officers.find(view, found["officer_id"], now) if found else None
        if officer:
            return officer, purpose == "recover"
    raise LinkOver


def reset(change: Change, token: str, password_hash: str, real: datetime, now: datetime) -> Officer:
    """The new password is in force, every session has ended, the link is used up. Raises LinkOver."""
    officer, factor = reset_of(change, token, real, now)
    if sessions.use_code(change, hashed(token), "recover" if factor else "reset", real) is None:
        raise LinkOver
    if factor:
        officers.set_factor(change, officer.id, "", 0)
        trail.add(change, "officer.factor.removed", now, officer=officer.id)
    staff.set_password(change, officer.login, password_hash, now)
    return officer
