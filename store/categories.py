"""Rows of categories: written by the office file and the supervisor's page, and what hangs on each."""

from collections.abc import Iterable

from msgspec import Struct

from sop.office import Category
from store.db import Change, Row, View


class Kept(Struct, frozen=True, kw_only=True):
    """A category as it stands in its row, in use or not."""

    category: Category
    active: bool
    merged_into: int | None


class Weight(Struct, frozen=True, kw_only=True):
    """What hangs on a category: tickets, the open ones among them, and templates that are not withdrawn."""

    tickets: int
    open: int
    templates: int


def put(change: Change, category: Category) -> int:
    """Add it, or change the one of that code, which is in use again then. Its id; that of the value is not looked at."""
    row = change.one(
        """
        INSERT INTO category (code, name, parent_id, keywords_json, unit_id, procedure, identity, needs_photo,
                              needs_location, template_only, retention_days, position)
        VALUES (:code, :name, :parent, :keywords, :unit, :procedure, :identity, :photo, :location, :only, :days, :place)
        ON CONFLICT (code) DO UPDATE SET name = :name, parent_id = :parent, keywords_json = :keywords, unit_id = :unit,
               procedure = :procedure, identity = :identity, needs_photo = :photo, needs_location = :location,
               template_only = :only, retention_days = :days, position = :place, active = :yes, merged_into = NULL
        RETURNING id
        """,
        code=category.code,
        name=category.name,
        parent=category.parent,
        keywords=sorted({word.lower() for word in category.keywords}),
        unit=category.unit,
        procedure=category.procedure,
        identity=category.identity,
        photo=category.needs_photo,
        location=category.needs_location,
        only=category.template_only,
        days=category.retention_days,
        place=category.position,
        yes=True,
    )
    assert row is not None
    return int(row["id"])


def ids(view: View) -> dict[str, int]:
    """By code, in use or not."""
    return {row["code"]: row["id"] for row in view.all("SELECT id, code FROM category")}


def find(view: View, number: int) -> Kept | None:
    row = view.one("SELECT * FROM category WHERE id = :id", id=number)
    return _kept(row) if row else None


def merged_here(view: View, number: int) -> list[Kept]:
    """Those whose tickets count as this one's."""
    rows = view.all("SELECT * FROM category WHERE merged_into = :id ORDER BY name", id=number)
    return [_kept(row) for row in rows]


def weigh(view: View, numbers: Iterable[int]) -> Weight:
    """What hangs on these together; each ticket counts once."""
    chosen = ", ".join(str(int(number)) for number in sorted(numbers))
    row = view.one(
        f"""
        SELECT count(DISTINCT g.ticket_id) AS tickets,
               count(DISTINCT CASE WHEN t.status <> 'closed' THEN g.ticket_id END) AS open,
               (SELECT count(*) FROM reply_template
                 WHERE category_id IN ({chosen}) AND status <> 'withdrawn') AS templates
          FROM ticket_category g JOIN ticket t ON t.id = g.ticket_id WHERE g.category_id IN ({chosen})
        """
    )
    assert row is not None
    return Weight(tickets=row["tickets"], open=row["open"], templates=row["templates"])


def merge(change: Change, number: int, into: int) -> None:
    """It is no longer chosen; its tickets count as the other's, and so do those of what was merged into it before."""
    change.run(
        "UPDATE category SET merged_into = :into WHERE id = :id OR merged_into = :id", id=number, into=into
    )
    change.run("UPDATE category SET active = :no WHERE id = :id", id=number, no=False)
    change.run("UPDATE category SET parent_id = :into WHERE parent_id = :id", id=number, into=into)


def part(change: Change, number: int, parent: int | None) -> None:
    """Undo a merge: it stands for itself again."""
    change.run(
        "UPDATE category SET merged_into = NULL, active = :yes, parent_id = :parent WHERE id = :id",
        id=number,
        yes=True,
        parent=parent,
    )


def take_back(change: Change, branches: Iterable[int], source: int, number: int) -> None:
    """Those of them that still hang under the source."""
    for branch in branches:
        change.run(
            "UPDATE category SET parent_id = :to WHERE id = :id AND parent_id = :source",
            to=number,
            id=branch,
            source=source,
        )


def set_active(change: Change, number: int, active: bool) -> None:
    change.run("UPDATE category SET active = :active WHERE id = :id", active=active, id=number)


def move_templates(change: Change, number: int, into: int) -> list[int]:
    """Every version, so that what was sent once still names its own. Which they were."""
    rows = change.all(
        "UPDATE reply_template SET category_id = :into WHERE category_id = :id RETURNING id",
        id=number,
        into=into,
    )
    return sorted(row["id"] for row in rows)


def return_templates(change: Change, templates: Iterable[int], source: int, number: int) -> None:
    """Those of them that are still the source's."""
    for template in templates:
        change.run(
            "UPDATE reply_template SET category_id = :to WHERE id = :id AND category_id = :source",
            to=number,
            id=template,
            source=source,
        )


def set_keywords(change: Change, number: int, keywords: Iterable[str]) -> None:
    change.run(
        "UPDATE category SET keywords_json = :words WHERE id = :id", words=sorted(set(keywords)), id=number
    )


def as_category(row: Row) -> Category:
    return Category(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        parent=row["parent_id"],
        keywords=frozenset(row["keywords_json"]),
        unit=row["unit_id"],
        procedure=row["procedure"],
        identity=row["identity"],
        needs_photo=bool(row["needs_photo"]),
        needs_location=bool(row["needs_location"]),
        template_only=bool(row["template_only"]),
        retention_days=row["retention_days"],
        position=row["position"],
    )


def _kept(row: Row) -> Kept:
    return Kept(category=as_category(row), active=bool(row["active"]), merged_into=row["merged_into"])
