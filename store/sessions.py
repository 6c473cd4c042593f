"""Sessions of the console, one-time codes and failed logins. Tokens and codes are stored as hashes only."""

from datetime import datetime

from msgspec import Struct

from store.db import Change, Row, View


class Session(Struct, frozen=True, kw_only=True):
    """`form_token` answers cross-site forgery: every change carries it."""

    officer: int
    form_token: str
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime
    device: str = ""
    token_hash: str = ""


def add(change: Change, token_hash: str, session: Session) -> None:
    change.run(
        """
        INSERT INTO session (token_hash, officer_id, form_token, opened_at, seen_at, ends_at, device)
        VALUES (:token_hash, :officer, :form_token, :opened_at, :seen_at, :ends_at, :device)
        """,
        token_hash=token_hash,
        officer=session.officer,
        form_token=session.form_token,
        opened_at=session.opened_at,
        seen_at=session.seen_at,
        ends_at=session.ends_at,
        device=session.device,
    )


def find(view: View, token_hash: str, now: datetime) -> Session | None:
    """The session, unless its absolute end has come. `now` is real time, not the demo's."""
    row = view.one(
        "SELECT * FROM session WHERE token_hash = :token_hash AND ends_at > :now",
        token_hash=token_hash,
        now=now,
    )
    return of_row(row) if row else None


def touch(change: Change, token_hash: str, now: datetime) -> None:
    change.run(
        "UPDATE session SET seen_at = :now WHERE token_hash = :token_hash", now=now, token_hash=token_hash
    )


def end(change: Change, token_hash: str) -> None:
    change.run("DELETE FROM session WHERE token_hash = :token_hash", token_hash=token_hash)
    change.tell("session")


def end_all(change: Change, officer: int) -> None:
    change.run("DELETE FROM session WHERE officer_id = :officer", officer=officer)
    change.tell("session")


def of_officer(view: View, officer: int, now: datetime) -> list[Session]:
    rows = view.all(
        "SELECT * FROM session WHERE officer_id = :officer AND ends_at > :now ORDER BY seen_at DESC",
        officer=officer,
        now=now,
    )
    return [of_row(row) for row in rows]


def failures(view: View, whos: list[str]) -> dict[str, tuple[int, datetime]]:
    """who -> (how often it failed, when it last did), of those that are noted. At most four are asked for."""
    names = {f"who{index}": who for index, who in enumerate(whos)}
    rows = view.all(
        f"SELECT who, failures, last_at FROM attempt WHERE who IN ({', '.join(f':{name}' for name in names)})",
        **names,
    )
    return {row["who"]: (row["failures"], row["last_at"]) for row in rows}


def note_failure(change: Change, who: str, now: datetime, old: datetime) -> None:
    """One more; what is as old as `old` is forgotten first."""
    change.run(
        """
        INSERT INTO attempt (who, failures, last_at) VALUES (:who, 1, :now)
        ON CONFLICT (who) DO UPDATE
           SET failures = CASE WHEN attempt.last_at <= :old THEN 1 ELSE attempt.failures + 1 END, last_at = :now
        """,
        who=who,
        now=now,
        old=old,
    )


def clear_failures(change: Change, who: str) -> None:
    change.run("DELETE FROM attempt WHERE who = :who", who=who)


def add_code(
    change: Change,
    code_hash: str,
    *,
    purpose: str,
    officer: int | None,
    ends_at: datetime,
    unit: int | None = None,
) -> None:
    """A code that works once. `purpose`: "staff", "humas", "group", "reset", "recover" or "half"."""
    change.run(
        """
        INSERT INTO one_time (code_hash, purpose, officer_id, unit_id, ends_at)
        VALUES (:code_hash, :purpose, :officer, :unit, :ends_at)
        """,
        code_hash=code_hash,
        purpose=purpose,
        officer=officer,
        unit=unit,
        ends_at=ends_at,
    )


def use_code(change: Change, code_hash: str, purpose: str, now: datetime) -> Row | None:
    """{"officer_id", "unit_id"} of a valid code, which is gone with it; None for a wrong, used or old one."""
    return change.one(
        """
        DELETE FROM one_time WHERE code_hash = :code_hash AND purpose = :purpose AND ends_at > :now
        RETURNING officer_id, unit_id
        """,
        code_hash=code_hash,
        purpose=purpose,
        now=now,
    )


def find_code(view: View, code_hash: str, purpose: str, now: datetime) -> Row | None:
    """The same without using it up."""
    return view.one(
        """
        SELECT officer_id, unit_id FROM one_time
         WHERE code_hash = :code_hash AND purpose = :purpose AND ends_at > :now
        """,
        code_hash=code_hash,
        purpose=purpose,
        now=now,
    )


def drop_codes(change: Change, officer: int, purpose: str) -> None:
    change.run(
        "DELETE FROM one_time WHERE officer_id = :officer AND purpose = :purpose",
        officer=officer,
        purpose=purpose,
    )


def drop_all_codes(change: Change, officer: int) -> None:
    change.run("DELETE FROM one_time WHERE officer_id = :officer", officer=officer)


def forget(change: Change, now: datetime, old: datetime) -> None:
    """What has ended by real time goes: sessions, steps of a sign-in, and failures that nobody added to since `old`."""
    change.run("DELETE FROM session WHERE ends_at <= :now", now=now)
    change.run(
        "DELETE FROM one_time WHERE purpose IN ('half', 'reset', 'recover') AND ends_at <= :now", now=now
    )
    change.run("DELETE FROM attempt WHERE last_at <= :old", old=old)


def of_row(row: Row) -> Session:
    return Session(
        officer=row["officer_id"],
        form_token=row["form_token"],
        opened_at=row["opened_at"],
        seen_at=row["seen_at"],
        ends_at=row["ends_at"],
        device=row["device"],
        token_hash=row["token_hash"],
    )
