"""Doors: opaque tokens on posters and signs, each leading to a unit, a category, or both."""

from datetime import datetime

from msgspec import Struct

from store.db import Change, Row, View


class Door(Struct, frozen=True, kw_only=True):
    """`active` False: retired, its token leads nowhere any more."""

    token: str
    name: str
    unit: int | None
    category: int | None
    by: int | None
    active: bool
    created_at: datetime


def add(
    change: Change,
    *,
    token: str,
    name: str,
    unit: int | None,
    category: int | None,
    by: int,
    at: datetime,
) -> bool:
    """Keep a new door. False: the token is taken."""
    row = change.one(
        """
        INSERT INTO door (token, name, unit_id, category_id, by_officer, active, created_at)
        VALUES (:token, :name, :unit, :category, :by, :yes, :at)
        ON CONFLICT (token) DO NOTHING RETURNING token
        """,
        token=token,
        name=name,
        unit=unit,
        category=category,
        by=by,
        yes=True,
        at=at,
    )
    return row is not None


def find(view: View, token: str) -> Door | None:
    row = view.one("SELECT * FROM door WHERE token = :token", token=token)
    return _door(row) if row else None


def all_of(view: View, *, most: int = 500) -> list[Door]:
    """Active ones first, then the newest."""
    rows = view.all("SELECT * FROM door ORDER BY active DESC, created_at DESC, token LIMIT :most", most=most)
    return [_door(row) for row in rows]


def retire(change: Change, token: str) -> None:
    change.run("UPDATE door SET active = :no WHERE token = :token", no=False, token=token)


def _door(row: Row) -> Door:
    return Door(
        token=row["token"],
        name=row["name"],
        unit=row["unit_id"],
        category=row["category_id"],
        by=row["by_officer"],
        active=bool(row["active"]),
        created_at=row["created_at"],
    )
