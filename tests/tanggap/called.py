"""Commands called as a person does, and messages taken in as a channel does."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from desk.intake import take_in
from store.db import open_database
from tanggap.cli import run
from tests.samples import NOW, ids, incoming


class Said(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Call = Callable[..., Said]


def caller(capsys: pytest.CaptureFixture[str], config: str) -> Call:
    """`call("staff", "list")` on that desk."""

    def call(*args: str, desk: bool = True) -> Said:
        capsys.readouterr()
        code = run([*args, *(["--config", config] if desk else [])])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


def arrives(config: str, *texts: str, at: datetime = NOW) -> list[int | None]:
    """A message a text, each of another person; the numbers of their tickets."""
    url = f"sqlite:///{Path(config).parent / 'data/tanggap.db'}"

    async def take() -> list[int | None]:
        async with open_database(url) as db:
            told = [incoming(text, key=f"{at}{n}", sender=f"{at}{n}", at=at) for n, text in enumerate(texts)]
            return [await db.write(take_in, each, ids(), at) for each in told]

    return asyncio.run(take())
