"""Troubles that the operator was told of: one row a kind, as long as it lasts and as the last time that it was."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from store.db import Change, View


class Alert(Struct, frozen=True, kw_only=True):
    kind: str
    body: dict[str, Any]
    since_at: datetime
    told_at: datetime | None


def lasting(view: View) -> dict[str, Alert]:
    """Those that are not over, by kind."""
    rows = view.all(
        "SELECT kind, body_json, since_at, told_at FROM alert WHERE over_at IS NULL ORDER BY since_at, kind"
    )
    return {row["kind"]: Alert(body=row.pop("body_json"), **row) for row in rows}


def begin(change: Change, kind: str, body: dict[str, Any], at: datetime) -> None:
    """A trouble began, or began again, and was told."""
    change.run(
        """
        INSERT INTO alert (kind, body_json, since_at, told_at) VALUES (:kind, :body, :at, :at)
        ON CONFLICT (kind) DO UPDATE SET body_json = :body, since_at = :at, told_at = :at, over_at = NULL
        """,
        kind=kind,
        body=body,
        at=at,
    )


def told(change: Change, kind: str, body: dict[str, Any], at: datetime) -> None:
    change.run(
        "UPDATE alert SET told_at = :at, body_json = :body WHERE kind = :kind", kind=kind, body=body, at=at
    )


def over(change: Change, kind: str, at: datetime) -> None:
    change.run("UPDATE alert SET over_at = :at WHERE kind = :kind", kind=kind, at=at)
