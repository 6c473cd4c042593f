"""The machine's time, asked for in one place and handed on from there."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
