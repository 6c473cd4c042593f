"""Templates that a provider approves: what may be said on WhatsApp outside the person's window."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from store.db import Change, Row, View


class ProviderTemplate(Struct, frozen=True, kw_only=True):
    """`external` is the provider's id (ContentSid), `holes` what fills {{1}}, {{2}} ... in their order.

    `state` is the provider's word: unknown until it was asked, then unsubmitted, received, pending, approved, rejected,
    paused, disabled or missing; `asked_at` is when it was asked last.
    """

    id: int
    channel: str
    external: str
    purpose: str
    name: str
    language: str
    body: str
    holes: tuple[str, ...]
    state: str = "unknown"
    reason: str = ""
    active: bool = True
    asked_at: datetime | None = None

    @property
    def usable(self) -> bool:
        return self.active and self.state == "approved"


def add(
    change: Change,
    *,
    channel: str,
    external: str,
    purpose: str,
    name: str,
    language: str,
    body: str,
    holes: Sequence[str],
    at: datetime,
) -> int | None:
    """The new row's id; None when the provider's id is known already."""
    row = change.one(
        """
        INSERT INTO provider_template (channel, external, purpose, name, language, body, holes_json, active, created_at)
        VALUES (:channel, :external, :purpose, :name, :language, :body, :holes, :yes, :at)
        ON CONFLICT (channel, external) DO NOTHING
        RETURNING id
        """,
        channel=channel,
        external=external,
        purpose=purpose,
        name=name,
        language=language,
        body=body,
        holes=list(holes),
        yes=True,
        at=at,
    )
    return int(row["id"]) if row else None


def edit(
    change: Change, number: int, *, purpose: str, name: str, language: str, body: str, holes: Sequence[str]
) -> None:
    change.run(
        """
        UPDATE provider_template
           SET purpose = :purpose, name = :name, language = :language, body = :body, holes_json = :holes
         WHERE id = :id
        """,
        purpose=purpose,
        name=name,
        language=language,
        body=body,
        holes=list(holes),
        id=number,
    )


def set_active(change: Change, number: int, active: bool) -> None:
    change.run("UPDATE provider_template SET active = :active WHERE id = :id", active=active, id=number)


def asked(
    change: Change, number: int, *, state: str, reason: str, body: str, holes: Sequence[str], at: datetime
) -> None:
    """The provider's word on it, with the text as the provider has it."""
    change.run(
        """
        UPDATE provider_template
           SET state = :state, reason = :reason, asked_at = :at, body = :body, holes_json = :holes
         WHERE id = :id
        """,
        state=state,
        reason=reason,
        body=body,
        holes=list(holes),
        at=at,
        id=number,
    )


def find(view: View, number: int) -> ProviderTemplate | None:
    row = view.one("SELECT * FROM provider_template WHERE id = :id", id=number)
    return _template(row) if row else None


def every(view: View, channel: str) -> list[ProviderTemplate]:
    """Active ones first, then by name."""
    rows = view.all(
        "SELECT * FROM provider_template WHERE channel = :channel ORDER BY active DESC, name, id",
        channel=channel,
    )
    return [_template(row) for row in rows]


def usable(view: View, channel: str, purpose: str, language: str = "id") -> ProviderTemplate | None:
    """An approved, active one for that purpose, in that language where there is one; the newest of several."""
    rows = view.all(
        """
        SELECT * FROM provider_template
         WHERE channel = :channel AND purpose = :purpose AND state = 'approved' AND active = :yes
         ORDER BY CASE WHEN language = :language THEN 0 ELSE 1 END, id DESC LIMIT 1
        """,
        channel=channel,
        purpose=purpose,
        language=language,
        yes=True,
    )
    return _template(rows[0]) if rows else None


def _template(row: Row) -> ProviderTemplate:
    return ProviderTemplate(
        id=row["id"],
        channel=row["channel"],
        external=row["external"],
        purpose=row["purpose"],
        name=row["name"],
        language=row["language"],
        body=row["body"],
        holes=tuple(row["holes_json"]),
        state=row["state"],
        reason=row["reason"],
        active=bool(row["active"]),
        asked_at=row["asked_at"],
    )
