"""A desk as `tanggap init` makes it, in a folder of its own for each test."""

import shutil
from pathlib import Path

import pytest

from tanggap.cli import run


@pytest.fixture(scope="session")
def fresh_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh") / "meja"
    assert run(["init", str(folder)]) == 0
    return folder


@pytest.fixture
def config(fresh_desk: Path, tmp_path: Path) -> str:
    """The config.yaml of a desk with the starter office."""
    shutil.copytree(fresh_desk, tmp_path / "meja")
    return str(tmp_path / "meja" / "config.yaml")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal on which every table has room, wherever the tests run."""
    monkeypatch.setenv("COLUMNS", "240")


@pytest.fixture
def path(config: str) -> Path:
    return Path(config)
