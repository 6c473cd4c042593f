"""Brings the schema up to date. Run in a child process (`python -m store.migrate URL`): only here is SQLAlchemy imported."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config


def migrate(url: str, revision: str = "head") -> None:
    """Run every migration that is missing, each in a transaction of its own. Killed at any moment it can be run again."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    command.upgrade(config, revision)


if __name__ == "__main__":
    migrate(sys.argv[1])
