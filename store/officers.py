"""Officers, their seats, sessions and one-time codes."""

from datetime import datetime

from msgspec import Struct

from sop.officer import Officer, Seat
from store import sessions
from store.db import Change, Row, View
from store.sessions import Session


class Account(Struct, frozen=True, kw_only=True):
    """What a login is checked against; never leaves the desk."""

    id: int
    login: str
    password_hash: str
    active: bool


def add(change: Change, *, login: str, name: str, title: str, language: str, at: datetime) -> int | None:
    """The new officer's id; None when the login is taken."""
    row = change.one(
        """
        INSERT INTO officer (login, name, title, language, created_at) VALUES (:login, :name, :title, :language, :at)
        ON CONFLICT (login) DO NOTHING
        RETURNING id
        """,
        login=login,
        name=name,
        title=title,
        language=language,
        at=at,
    )
    return row["id"] if row else None


def set_password(change: Change, officer: int, password_hash: str) -> None:
    change.run("UPDATE officer SET password_hash = :hash WHERE id = :id", hash=password_hash, id=officer)


def set_active(change: Change, officer: int, active: bool) -> None:
    change.run("UPDATE officer SET active = :active WHERE id = :id", active=active, id=officer)


def set_language(change: Change, officer: int, language: str) -> None:
    change.run("UPDATE officer SET language = :language WHERE id = :id", language=language, id=officer)


def rename(change: Change, officer: int, *, name: str, title: str, language: str) -> None:
    change.run(
        "UPDATE officer SET name = :name, title = :title, language = :language WHERE id = :id",
        name=name,
        title=title,
        language=language,
        id=officer,
    )


def factor(view: View, officer: int) -> str:
    """The secret of the second step; "" when there is none."""
    row = view.one("SELECT totp_secret FROM officer WHERE id = :id", id=officer)
    return str(row["totp_secret"]) if row else ""


def set_factor(change: Change, officer: int, secret: str, used: int) -> None:
    """`used`: the span whose code was shown with it, and opens nothing more."""
    change.run(
        "UPDATE officer SET totp_secret = :secret, totp_used = :used WHERE id = :id",
        secret=secret,
        used=used,
        id=officer,
    )


def use_span(change: Change, officer: int, span: int) -> bool:
    """Mark a code as used; False when it, or a later one, was already."""
    row = change.one(
        "UPDATE officer SET totp_used = :span WHERE id = :id AND totp_used < :span RETURNING id",
        span=span,
        id=officer,
    )
    return row is not None


def without_factor(view: View, roles: tuple[str, ...], now: datetime) -> list[int]:
    """Who sits in one of those roles now and has no second step."""
    rows = view.all(
        f"""
        SELECT DISTINCT o.id FROM officer o JOIN seat s ON s.officer_id = o.id
         WHERE o.totp_secret = '' AND s.from_at <= :now AND (s.until_at IS NULL OR s.until_at > :now)
           AND s.role IN ({", ".join(f":role{index}" for index, _ in enumerate(roles))})
        """,
        now=now,
        **{f"role{index}": role for index, role in enumerate(roles)},
    )
    return [row["id"] for row in rows]


def of_subject(view: View, subject: str) -> int | None:
    """Whom the identity provider means by that subject."""
    row = view.one("SELECT id FROM officer WHERE oidc_subject = :subject", subject=subject)
    return row["id"] if row and subject else None


def set_subject(change: Change, officer: int, subject: str) -> None:
    change.run("UPDATE officer SET oidc_subject = :subject WHERE id = :id", subject=subject, id=officer)


def seat(
    change: Change,
    officer: int,
    *,
    lane: str,
    role: str,
    unit: int | None,
    from_at: datetime,
    until_at: datetime | None = None,
    deputy_of: int | None = None,
    decree: str = "",
) -> None:
    change.run(
        """
        INSERT INTO seat (officer_id, unit_id, lane, role, from_at, until_at, deputy_of, decree)
        VALUES (:officer, :unit, :lane, :role, :from_at, :until_at, :deputy_of, :decree)
        """,
        officer=officer,
        unit=unit,
        lane=lane,
        role=role,
        from_at=from_at,
        until_at=until_at,
        deputy_of=deputy_of,
        decree=decree,
    )


def unseat(change: Change, officer: int, *, lane: str, unit: int | None, at: datetime) -> bool:
    """End the seat; False when the officer had none such."""
    rows = change.all(
        """
        UPDATE seat SET until_at = :at
         WHERE officer_id = :officer AND lane = :lane AND COALESCE(unit_id, 0) = :unit
           AND (until_at IS NULL OR until_at > :at)
        RETURNING id
        """,
        officer=officer,
        lane=lane,
        unit=unit or 0,
        at=at,
    )
    return bool(rows)


_SELECT = """
SELECT o.id, o.login, o.name, o.title, o.language, s.lane, s.role, s.unit_id, s.deputy_of
  FROM officer o
  LEFT JOIN seat s ON s.officer_id = o.id AND s.from_at <= :now AND (s.until_at IS NULL OR s.until_at > :now)
"""


def find(view: View, officer: int, now: datetime) -> Officer | None:
    """The officer with the seats in force at `now`; None when absent or disabled."""
    sql = f"{_SELECT} WHERE o.id = :id AND o.active = :yes ORDER BY s.id"
    return next(iter(_officers(view.all(sql, id=officer, now=now, yes=True))), None)


def of_session(
    view: View, token_hash: str, real: datetime, now: datetime
) -> tuple[Session, Officer, int] | None:
    """(the session, its officer with the seats in force at `now`, the office's version) in one look.

    None unless the session's absolute end is still to come at `real`, and the officer active.
    """
    rows = view.all(
        """
        SELECT e.token_hash, e.officer_id, e.form_token, e.opened_at, e.seen_at, e.ends_at, e.device,
               o.id, o.login, o.name, o.title, o.language, s.lane, s.role, s.unit_id, s.deputy_of,
               (SELECT c.n FROM counter c WHERE c.name = 'office.version') AS version
          FROM session e JOIN officer o ON o.id = e.officer_id AND o.active = :yes
          LEFT JOIN seat s ON s.officer_id = o.id AND s.from_at <= :now AND (s.until_at IS NULL OR s.until_at > :now)
         WHERE e.token_hash = :token_hash AND e.ends_at > :real ORDER BY s.id
        """,
        token_hash=token_hash,
        real=real,
        now=now,
        yes=True,
    )
    return (sessions.of_row(rows[0]), _officers(rows)[0], rows[0]["version"] or 0) if rows else None


def by_login(view: View, login: str, now: datetime) -> Officer | None:
    sql = f"{_SELECT} WHERE o.login = :login AND o.active = :yes ORDER BY s.id"
    return next(iter(_officers(view.all(sql, login=login, now=now, yes=True))), None)


def by_chat(view: View, bot: str, chat: str, now: datetime) -> Officer | None:
    """Whose chat it is, as linked by a one-time code."""
    sql = f"""
        {_SELECT} JOIN officer_chat c ON c.officer_id = o.id AND c.bot = :bot AND c.chat = :chat
        WHERE o.active = :yes ORDER BY s.id
        """
    return next(iter(_officers(view.all(sql, bot=bot, chat=chat, now=now, yes=True))), None)


def all_of(view: View, now: datetime) -> list[Officer]:
    return _officers(view.all(f"{_SELECT} WHERE o.active = :yes ORDER BY o.id, s.id", now=now, yes=True))


def lasting(view: View, now: datetime) -> dict[int, list[tuple[str, int | None, str]]]:
    """officer -> (lane, unit, decree) of the seats that have no end: no deputies, nobody for a while."""
    rows = view.all(
        """
        SELECT officer_id, lane, unit_id, decree FROM seat
         WHERE from_at <= :now AND until_at IS NULL AND deputy_of IS NULL ORDER BY id
        """,
        now=now,
    )
    found: dict[int, list[tuple[str, int | None, str]]] = {}
    for row in rows:
        found.setdefault(row["officer_id"], []).append((row["lane"], row["unit_id"], row["decree"]))
    return found


def in_lane(view: View, lane: str, unit: int | None, now: datetime) -> list[Officer]:
    """Who sits in that lane of the unit now, deputies included."""
    sql = f"{_SELECT} WHERE o.active = :yes AND s.lane = :lane AND COALESCE(s.unit_id, :unit) = :unit ORDER BY o.id, s.id"
    return _officers(view.all(sql, lane=lane, unit=unit or 0, now=now, yes=True))


def present_in(view: View, lane: str, unit: int, now: datetime) -> list[Officer]:
    """Who sits in that lane of the unit now and is not away."""
    sql = f"""
        {_SELECT} WHERE o.active = :yes AND o.present = :yes AND s.lane = :lane AND COALESCE(s.unit_id, :unit) = :unit
        ORDER BY o.id, s.id
        """
    return _officers(view.all(sql, lane=lane, unit=unit, now=now, yes=True))


def set_present(change: Change, officer: int, present: bool) -> None:
    change.run("UPDATE officer SET present = :present WHERE id = :id", present=present, id=officer)


def account(view: View, login: str) -> Account | None:
    row = view.one("SELECT id, login, password_hash, active FROM officer WHERE login = :login", login=login)
    return Account(**row | {"active": bool(row["active"])}) if row else None


def link_chat(change: Change, *, bot: str, chat: str, officer: int, at: datetime) -> None:
    change.run(
        """
        INSERT INTO officer_chat (bot, chat, officer_id, linked_at) VALUES (:bot, :chat, :officer, :at)
        ON CONFLICT (bot, chat) DO UPDATE SET officer_id = :officer, linked_at = :at, state = 'reachable'
        """,
        bot=bot,
        chat=chat,
        officer=officer,
        at=at,
    )


def set_chat_state(change: Change, *, bot: str, chat: str, state: str) -> bool:
    """ "reachable" or "blocked". False: no officer's chat, or it was so before."""
    row = change.one(
        """
        UPDATE officer_chat SET state = :state WHERE bot = :bot AND chat = :chat AND state <> :state
        RETURNING officer_id
        """,
        bot=bot,
        chat=chat,
        state=state,
    )
    return row is not None


def chats_of(view: View, bot: str, officers: list[int]) -> dict[int, str]:
    """officer -> chat, of those who can be reached by that bot."""
    rows = view.all(
        f"""
        SELECT officer_id, chat FROM officer_chat
         WHERE bot = :bot AND state = 'reachable'
           AND officer_id IN ({", ".join(str(int(officer)) for officer in officers) or "NULL"})
        """,
        bot=bot,
    )
    return {row["officer_id"]: row["chat"] for row in rows}


def _officers(rows: list[Row]) -> list[Officer]:
    found: dict[int, Officer] = {}
    seats: dict[int, list[Seat]] = {}
    for row in rows:
        number = row["id"]
        found.setdefault(
            number,
            Officer(
                id=number, login=row["login"], name=row["name"], title=row["title"], language=row["language"]
            ),
        )
        if row["lane"] is not None:
            seat = Seat(lane=row["lane"], role=row["role"], unit=row["unit_id"], deputy_of=row["deputy_of"])
            seats.setdefault(number, []).append(seat)
    return [
        Officer(
            id=one.id,
            login=one.login,
            name=one.name,
            title=one.title,
            language=one.language,
            seats=tuple(seats.get(one.id, ())),
        )
        for one in found.values()
    ]
