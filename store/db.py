"""The database: anyone may read; what writes takes a `Change`, and only `db.write` gives one."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sop.errors import Unavailable
from store.bell import Bell
from store.line import Carrier
from store.pin import Pin

__all__ = ["Change", "Conflict", "Database", "Reader", "Row", "Unavailable", "View", "open_database"]

P = ParamSpec("P")
T = TypeVar("T")
Row = dict[str, Any]
Execute = Callable[[str, dict[str, Any]], Any]


class Conflict(Exception):
    """A UNIQUE, CHECK or FOREIGN KEY of the schema said no. The act that met it is undone whole."""


class View:
    """One still picture of the database. Columns named `*_at` are aware times, `*_json` dicts or lists."""

    def __init__(self, execute: Execute, engine: str = "sqlite") -> None:
        self._execute = execute
        self.engine = engine
        self._kept: dict[str, tuple[Hashable, Any]] = {}
        self._held: dict[str, Any] = {}
        self.topics: list[str] = []

    def all(self, sql: str, **params: Any) -> list[Row]:
        rows: list[Row] = self._execute(sql, params).fetchall()
        return rows

    def one(self, sql: str, **params: Any) -> Row | None:
        rows: list[Row] = self._execute(sql, params).fetchall()
        return rows[0] if rows else None

    def kept(self, name: str, version: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made again only when `version` differs. Lives and dies with the connection."""
        found = self._kept.get(name)
        if found is None or found[0] != version:
            found = self._kept[name] = (version, make())
        value: T = found[1]
        return value

    def held(self, name: str, read: Callable[[], T]) -> T:
        """What is known of this picture already (`knowing`), else what `read` gives."""
        value: T = self._held[name] if name in self._held else read()
        return value

    @contextmanager
    def knowing(self, name: str, value: object) -> Iterator[None]:
        """Another statement of this picture has told it: nobody asks for it again inside."""
        self._held[name] = value
        try:
            yield
        finally:
            self._held.pop(name, None)

    def forget(self) -> None:
        """After a rollback: a version that was undone may come again with other content."""
        self._kept.clear()


class Change(View):
    """A change being made. What is written through it is kept together or not at all.

    Acts that wait together are one transaction, in which nobody else writes: what such a group would read again and
    again it may hold (`held`, `hold`), and `steps` of counters are written once for all of them.
    """

    def __init__(self, execute: Execute, engine: str = "sqlite") -> None:
        super().__init__(execute, engine)
        self.steps: dict[str, int] = {}

    def run(self, sql: str, **params: Any) -> None:
        """Write. To learn what happened, use `one` with RETURNING instead."""
        self._execute(sql, params)

    def tell(self, *topics: str) -> None:
        """Wake who listens to these topics, after COMMIT."""
        self.topics += topics

    def held(self, name: str, read: Callable[[], T]) -> T:
        """What `read` gave first in this transaction, or what was put in its place since."""
        if name not in self._held:
            self._held[name] = read()
        value: T = self._held[name]
        return value

    def hold(self, name: str, value: object) -> None:
        """It stands so from now on: this change has written it."""
        self._held[name] = value

    def begin(self) -> None:
        """Another transaction: others may have written in between."""
        self._held.clear()

    def forget(self) -> None:
        super().forget()
        self._held.clear()
        self.steps.clear()


class Reader(Protocol):
    bell: Bell

    async def read(
        self, query: Callable[Concatenate[View, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T: ...


class Database:
    def __init__(self, writer: Carrier, readers: Carrier, bell: Bell, pin: Pin) -> None:
        self._writer = writer
        self._readers = readers
        self.bell = bell
        self._pin = pin

    def hold_to(self, revision: str) -> None:
        """From now on each transaction raises UnderMaintenance while the database has another revision."""
        self._pin.revision = revision

    @property
    def damage(self) -> str:
        """What the driver said when it met a part that it cannot read; "" as long as this process met none."""
        return self._pin.damage

    async def read(self, query: Callable[Concatenate[View, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._readers.carry(lambda view: query(view, *args, **kwargs))

    async def write(self, act: Callable[Concatenate[Change, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a desk act; answer when what it did is on disk. An act may be run more than once before it is kept."""
        return await self._writer.carry(lambda change: act(change, *args, **kwargs))


def open_database(url: str, **options: Any) -> AbstractAsyncContextManager[Database]:
    """`sqlite:///desk.db` or `postgresql://...`: the engine is the file of that name in this room."""
    scheme = url.partition(":")[0]
    engine = import_module(f"store.{scheme}")
    opened: AbstractAsyncContextManager[Database] = engine.open_database(url, **options)
    return opened


def utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC)
