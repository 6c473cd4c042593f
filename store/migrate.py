"""Brings the schema up to date. Run in a child process (`python -m store.migrate URL`): only here is SQLAlchemy imported."""

import sys
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config


def migrate(url: str, revision: str = "head", told: Callable[[str], None] = lambda _: None) -> None:
    """Run every migration that is missing, each in a transaction of its own. Killed at any moment it can be run again.

    `told` hears the number of each one that is through.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(url=url, told=told)
    command.upgrade(config, revision)


if __name__ == "__main__":
    migrate(sys.argv[1])
