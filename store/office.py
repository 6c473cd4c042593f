"""Units, calendars, categories, procedures and settings: read as one still picture, written row by row."""

from datetime import datetime
from typing import Any

from sop import calendar as calendars
from sop import procedure_file
from sop.calendar import Calendar
from sop.category_tree import tree
from sop.office import InForce, Listener, Office, Unit, words_of
from store.categories import as_category
from store.db import Change, Row, View

VERSION = "office.version"
SUGGESTS = "suggests"  # setting: whether a category is suggested
FIRST_RUN = "first_run"  # setting: whether the first steps are shown; unset, while there is no unit


def current(view: View) -> Office:
    """The office now. Built again only after it was changed; the version is read in the same still picture."""
    return view.kept("office", view.held(VERSION, lambda: _version(view)), lambda: _office(view))


def _version(view: View) -> int:
    row = view.one("SELECT n FROM counter WHERE name = 'office.version'")
    return row["n"] if row else 0


def changed(change: Change) -> None:
    """To be called by whatever writes here."""
    change.run(
        """
        INSERT INTO counter (name, n) VALUES (:name, 1)
        ON CONFLICT (name) DO UPDATE SET n = counter.n + 1
        """,
        name=VERSION,
    )
    change.forget()
    change.tell("office")


def _office(view: View) -> Office:
    hours = {
        row["id"]: calendars.read(row["rules_json"])
        for row in view.all("SELECT id, rules_json FROM calendar")
    }
    units = {
        row["id"]: _unit(row, hours)
        for row in view.all("SELECT * FROM unit WHERE active = :yes ORDER BY id", yes=True)
    }
    rows = view.all("SELECT * FROM category ORDER BY position, name, id")
    categories = {row["id"]: as_category(row) for row in rows if row["active"]}
    return Office(
        name=str(setting(view, "name", "")),
        units=units,
        categories={branch.category.id: branch.category for branch in tree(categories)},
        retired={
            row["id"]: as_category(row) for row in rows if not row["active"] and row["merged_into"] is None
        },
        merged={row["id"]: row["merged_into"] for row in rows if row["merged_into"] is not None},
        suggests=bool(setting(view, SUGGESTS, True)),
        first_run=bool(setting(view, FIRST_RUN, not units)),
        procedures=tuple(_in_force(row) for row in view.all("SELECT * FROM procedure ORDER BY from_at, id")),
        intake=setting(view, "intake", {}),
        words=words_of(categories),
        listeners=_listeners(view),
        group=str(setting(view, "group", "")),
    )


def _listeners(view: View) -> tuple[Listener, ...]:
    rows = view.all(
        """
        SELECT DISTINCT c.chat, o.id AS officer, o.language, s.unit_id AS unit, s.from_at, s.until_at
          FROM officer_chat c JOIN officer o ON o.id = c.officer_id JOIN seat s ON s.officer_id = o.id
         WHERE c.bot = 'staff' AND c.state = 'reachable' AND o.active = :yes AND s.role IN ('agent', 'supervisor')
         ORDER BY c.chat
        """,
        yes=True,
    )
    return tuple(Listener(**row) for row in rows)


def setting(view: View, name: str, default: Any) -> Any:
    row = view.one("SELECT value_json FROM setting WHERE name = :name", name=name)
    return row["value_json"]["value"] if row else default


def sources(view: View, office: Office) -> list[tuple[InForce, str]]:
    """Each revision with the YAML it was read from."""
    texts = {row["id"]: row["source"] for row in view.all("SELECT id, source FROM procedure")}
    return [(one, texts[one.id]) for one in office.procedures]


def set_setting(change: Change, name: str, value: Any) -> None:
    change.run(
        """
        INSERT INTO setting (name, value_json) VALUES (:name, :value)
        ON CONFLICT (name) DO UPDATE SET value_json = :value
        """,
        name=name,
        value={"value": value},
    )


def save_calendar(change: Change, value: Calendar) -> int:
    return _id(
        change.one(
            """
            INSERT INTO calendar (code, name, rules_json) VALUES (:code, :name, :rules)
            ON CONFLICT (code) DO UPDATE SET name = :name, rules_json = :rules
            RETURNING id
            """,
            code=value.code,
            name=value.name,
            rules=calendars.write(value),
        )
    )


def save_unit(
    change: Change,
    code: str,
    *,
    name: str,
    kind: str,
    calendar: str,
    procedure: str,
    parent: str = "",
    sharing: str = "hand",
) -> int:
    """Add or change the unit of that code; `calendar` and `parent` are codes."""
    return _id(
        change.one(
            """
            INSERT INTO unit (code, name, kind, parent_id, calendar_id, procedure, sharing)
            VALUES (:code, :name, :kind,
                    (SELECT id FROM unit WHERE code = :parent), (SELECT id FROM calendar WHERE code = :calendar),
                    :procedure, :sharing)
            ON CONFLICT (code) DO UPDATE SET name = :name, kind = :kind, parent_id = excluded.parent_id,
                   calendar_id = excluded.calendar_id, procedure = :procedure, sharing = :sharing, active = :yes
            RETURNING id
            """,
            code=code,
            name=name,
            kind=kind,
            parent=parent,
            calendar=calendar,
            procedure=procedure,
            sharing=sharing,
            yes=True,
        )
    )


def unit_ids(view: View) -> dict[str, int]:
    """By code, in use or not."""
    return {row["code"]: row["id"] for row in view.all("SELECT id, code FROM unit")}


def calendar_codes(view: View) -> dict[str, str]:
    """code -> name, of every calendar, also one by which no unit works."""
    return {row["code"]: row["name"] for row in view.all("SELECT code, name FROM calendar ORDER BY name")}


def set_staff_chat(change: Change, unit: int, chat: str) -> None:
    change.run("UPDATE unit SET staff_chat = :chat WHERE id = :id", chat=chat, id=unit)


def add_procedure(change: Change, code: str, source: str, from_at: datetime) -> int:
    """Put a revision in force; the one before ends when it begins. Cases keep the one they are pinned to."""
    change.run(
        """
        UPDATE procedure SET until_at = :at
         WHERE code = :code AND from_at < :at AND (until_at IS NULL OR until_at > :at)
        """,
        code=code,
        at=from_at,
    )
    return _id(
        change.one(
            """
            INSERT INTO procedure (code, source, from_at) VALUES (:code, :source, :at)
            ON CONFLICT (code, from_at) DO UPDATE SET source = :source
            RETURNING id
            """,
            code=code,
            source=source,
            at=from_at,
        )
    )


def _id(row: Row | None) -> int:
    assert row is not None
    return int(row["id"])


def _unit(row: Row, hours: dict[int, Calendar]) -> Unit:
    return Unit(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        parent=row["parent_id"],
        calendar=hours.get(row["calendar_id"]) or calendars.office_hours(),
        procedure=row["procedure"],
        sharing=row["sharing"],
        staff_chat=row["staff_chat"],
    )


def _in_force(row: Row) -> InForce:
    return InForce(
        id=row["id"],
        code=row["code"],
        from_at=row["from_at"],
        until_at=row["until_at"],
        procedure=procedure_file.read(row["source"]),
    )
