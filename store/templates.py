"""Reply templates: versions that a supervisor approves; what was sent remembers the version it came from."""

from datetime import datetime

from msgspec import Struct

from store.db import Change, Row, View


class Template(Struct, frozen=True, kw_only=True):
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
        variants={},
        at=at,
    )
    assert row is not None
    return int(row["id"])


def approve(change: Change, number: int, *, by: int | None, at: datetime) -> None:
    """Put a version in force; the one before is withdrawn."""
    change.run(
        """
        UPDATE reply_template SET status = 'withdrawn'
         WHERE status = 'approved' AND (code, language) IN (SELECT code, language FROM reply_template WHERE id = :id)
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
    )
