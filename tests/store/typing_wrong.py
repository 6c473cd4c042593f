"""Anyone reads, one writes: mypy must refuse exactly the lines marked so. tests/store/test_typing.py looks."""

from store import counters, memory
from store.db import Change, Database, Reader, View


def a_view_cannot_write(view: View) -> None:
    memory.save(view, "x", {})  # type: ignore[arg-type]  # refused: a View is no Change
    counters.add(view, {"x": 1})  # type: ignore[arg-type]  # refused: a View is no Change
    view.run("DELETE FROM memory")  # type: ignore[attr-defined]  # refused: a View has no `run`


async def a_page_that_only_reads(db: Reader) -> None:
    await db.read(memory.save, "x", {})  # type: ignore[arg-type]  # refused: an act is no query
    await db.write(memory.save, "x", {})  # type: ignore[attr-defined]  # refused: a Reader has no `write`
    await db.read(memory.get, 5)  # type: ignore[arg-type]  # refused: the name is a word
    value: dict[str, object] = await db.read(memory.get, "x")
    assert value is not None


async def an_act(db: Database) -> None:
    await db.write(memory.save, "x", {})
    await db.write(memory.save, "x")  # type: ignore[call-arg]  # refused: the value is missing
    await db.write(memory.get, "x")


def a_view_is_enough(change: Change) -> dict[str, object]:
    return memory.get(change, "x")
