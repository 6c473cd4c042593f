"""What a simulator remembers between two starts: JSON values on named shelves, kept in one SQLite file."""

import json
import sqlite3
from pathlib import Path
from typing import Any

Json = dict[str, Any]


class Memory:
    """Everything is read from RAM and written through to the file, so a second start finds the same phone.

    Values are shared, not copied: change one, then `put` it again. Built for one event loop; a demo's memory may
    lose its last instant at a power cut (synchronous=OFF), never its order.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.executescript(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = OFF;
            CREATE TABLE IF NOT EXISTS thing (
                rank INTEGER PRIMARY KEY,
                shelf TEXT NOT NULL,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                UNIQUE (shelf, key)
            );
            """
        )
        self._shelves: dict[str, dict[str, Json]] = {}
        for shelf, key, value in self._connection.execute(
            "SELECT shelf, key, value FROM thing ORDER BY rank"
        ):
            self._shelves.setdefault(shelf, {})[key] = json.loads(value)

    def get(self, shelf: str, key: str | int) -> Json | None:
        return self._shelves.get(shelf, {}).get(str(key))

    def all(self, shelf: str) -> list[Json]:
        """Everything on the shelf, in the order it was first put there."""
        return list(self._shelves.get(shelf, {}).values())

    def put(self, shelf: str, key: str | int, value: Json) -> Json:
        self._shelves.setdefault(shelf, {})[str(key)] = value
        self._connection.execute(
            """
            INSERT INTO thing (shelf, key, value) VALUES (?, ?, ?)
            ON CONFLICT (shelf, key) DO UPDATE SET value = excluded.value
            """,
            (shelf, str(key), json.dumps(value, ensure_ascii=True)),
        )
        return value

    def drop(self, shelf: str, key: str | int) -> None:
        if self._shelves.get(shelf, {}).pop(str(key), None) is not None:
            self._connection.execute("DELETE FROM thing WHERE shelf = ? AND key = ?", (shelf, str(key)))

    def next(self, name: str, first: int = 1) -> int:
        """A number that never comes twice, not after a restart either."""
        value = (self.get("counter", name) or {"value": first - 1})["value"] + 1
        self.put("counter", name, {"value": value})
        return int(value)

    def close(self) -> None:
        self._connection.close()
