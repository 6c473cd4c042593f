"""What a channel asked to be remembered: a polling offset, a mailbox's UIDVALIDITY."""

from typing import Any

from store.db import Change, View


def get(view: View, name: str) -> dict[str, Any]:
    row = view.one("SELECT value_json FROM memory WHERE name = :name", name=name)
    return dict(row["value_json"]) if row else {}


def save(change: Change, name: str, value: dict[str, Any]) -> None:
    change.run(
        """
        INSERT INTO memory (name, value_json) VALUES (:name, :value)
        ON CONFLICT (name) DO UPDATE SET value_json = :value
        """,
        name=name,
        value=value,
    )
