"""Reply templates: versions that a supervisor approves; what was sent remembers the version it came from."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import Struct

from sop.messages import File, Kind
from store.db import Change, Row, View


class Variant(Struct, frozen=True):
    """Other words for one channel. `content` is the provider's own template (WhatsApp's ContentSid) that says the same
    where free text may not."""

    body: str = ""
    content: str = ""


class Usage(Struct, frozen=True):
    """How often a template was sent, and how its reporters rated the answer (1 to 5; None: nobody did)."""

    sent: int = 0
    rated: int = 0
    score: float | None = None


class Template(Struct, frozen=True, kw_only=True):
    """`status`: draft, approved (in force) or withdrawn; a draft with `approved_at` was approved and waits to be put in
    force. `variants` by channel."""

    id: int
    code: str
    version: int
    name: str
    language: str
    body: str
    unit: int | None = None
    category: int | None = None
    status: str = "draft"
    harmless: bool = False
    variants: Mapping[str, Variant] = {}
    approved_at: datetime | None = None

    def body_for(self, channel: str) -> str:
        """The words for that channel."""
        variant = self.variants.get(channel)
        return variant.body if variant and variant.body else self.body

    @property
    def state(self) -> str:
        """draft, approved, in_force or withdrawn."""
        if self.status == "draft":
            return "approved" if self.approved_at else "draft"
        return "in_force" if self.status == "approved" else self.status


def add(
    change: Change,
    *,
    code: str,
    name: str,
    language: str,
    body: str,
    at: datetime,
    unit: int | None = None,
    category: int | None = None,
    harmless: bool = False,
    variants: Mapping[str, Variant] | None = None,
) -> int:
    """A new version of the template of that code, as a draft."""
    row = change.one(
        """
        INSERT INTO reply_template (code, version, name, language, body, unit_id, category_id, harmless,
                                    variants_json, created_at)
        VALUES (:code,
                (SELECT COALESCE(max(version), 0) + 1 FROM reply_template WHERE code = :code AND language = :language),
                :name, :language, :body, :unit, :category, :harmless, :variants, :at)
        RETURNING id
        """,
        code=code,
        name=name,
        language=language,
        body=body,
        unit=unit,
        category=category,
        harmless=harmless,
        variants=msgspec.to_builtins(dict(variants or {})),
        at=at,
    )
    assert row is not None
    return int(row["id"])


def agree(change: Change, number: int, *, by: int, at: datetime) -> None:
    """Approved, and not in force yet."""
    change.run(
        "UPDATE reply_template SET approved_by = :by, approved_at = :at WHERE id = :id AND status = 'draft'",
        by=by,
        at=at,
        id=number,
    )


def approve(change: Change, number: int, *, by: int | None, at: datetime) -> None:
    """Put a version in force; the one before is withdrawn."""
    change.run(
        """
        UPDATE reply_template SET status = 'withdrawn'
         WHERE status = 'approved' AND id <> :id AND (code, language) IN (SELECT code, language FROM reply_template WHERE id = :id)
        """,
        id=number,
    )
    change.run(
        "UPDATE reply_template SET status = 'approved', approved_by = :by, approved_at = :at WHERE id = :id",
        by=by,
        at=at,
        id=number,
    )


def withdraw(change: Change, number: int) -> None:
    change.run("UPDATE reply_template SET status = 'withdrawn' WHERE id = :id", id=number)


def get(view: View, number: int) -> Template | None:
    row = view.one("SELECT * FROM reply_template WHERE id = :id", id=number)
    return _template(row) if row else None


def by_code(view: View, code: str, language: str) -> Template | None:
    """The approved version, in that language or, failing that, in any."""
    rows = view.all(
        "SELECT * FROM reply_template WHERE code = :code AND status = 'approved' ORDER BY language", code=code
    )
    best = sorted(rows, key=lambda row: row["language"] != language)
    return _template(best[0]) if best else None


def usable(view: View, *, unit: int | None) -> list[Template]:
    """Approved templates of a unit and those for all, by name."""
    rows = view.all(
        """
        SELECT * FROM reply_template
         WHERE status = 'approved' AND (unit_id IS NULL OR unit_id = :unit) ORDER BY name, language
        """,
        unit=unit or 0,
    )
    return [_template(row) for row in rows]


def newest(view: View) -> list[Template]:
    """The newest version of each, whatever its status: the supervisor's list."""
    rows = view.all(
        """
        SELECT r.* FROM reply_template r
         WHERE r.version = (SELECT max(version) FROM reply_template n WHERE n.code = r.code AND n.language = r.language)
         ORDER BY r.name, r.language
        """
    )
    return [_template(row) for row in rows]


def versions(view: View, code: str, language: str) -> list[Template]:
    """All of them, the newest first."""
    rows = view.all(
        "SELECT * FROM reply_template WHERE code = :code AND language = :language ORDER BY version DESC",
        code=code,
        language=language,
    )
    return [_template(row) for row in rows]


def usage(view: View) -> dict[tuple[str, str], Usage]:
    """By code and language, over all versions."""
    rows = view.all(
        """
        SELECT t.code, t.language, count(*) AS sent, count(r.score) AS rated, avg(r.score) AS score
          FROM message m JOIN reply_template t ON t.id = m.template_id LEFT JOIN rating r ON r.ticket_id = m.ticket_id
         WHERE m.template_id IS NOT NULL AND m.withdrawn_at IS NULL GROUP BY t.code, t.language
        """
    )
    return {
        (row["code"], row["language"]): Usage(
            row["sent"], row["rated"], None if row["score"] is None else float(row["score"])
        )
        for row in rows
    }


def add_file(change: Change, number: int, file: File) -> None:
    change.run(
        """
        INSERT INTO template_file (template_id, name, content_type, size, path, sha256)
        VALUES (:template, :name, :content_type, :size, :path, :sha256)
        """,
        template=number,
        name=file.name,
        content_type=file.content_type,
        size=file.size or 0,
        path=file.path,
        sha256=file.sha256,
    )


def files_of(view: View, number: int) -> tuple[File, ...]:
    """What a template brings along."""
    rows = view.all("SELECT * FROM template_file WHERE template_id = :id ORDER BY id", id=number)
    return tuple(
        File(
            kind=Kind.PHOTO if row["content_type"] in ("image/jpeg", "image/png") else Kind.DOCUMENT,
            name=row["name"],
            content_type=row["content_type"],
            size=row["size"],
            path=row["path"],
            sha256=row["sha256"],
        )
        for row in rows
    )


def _template(row: Row) -> Template:
    return Template(
        id=row["id"],
        code=row["code"],
        version=row["version"],
        name=row["name"],
        language=row["language"],
        body=row["body"],
        unit=row["unit_id"],
        category=row["category_id"],
        status=row["status"],
        harmless=bool(row["harmless"]),
        variants=msgspec.convert(row["variants_json"] or {}, dict[str, Variant]),
        approved_at=row["approved_at"],
    )
