"""A form of a publication's page as it came in, for the acts that its buttons stand for."""

from collections.abc import Awaitable, Callable

from msgspec import Struct
from starlette.datastructures import FormData

from console.typed import key_of
from desk.desk import Desk
from sop.officer import Officer


class Pressed(Struct, frozen=True):
    """A form that came in."""

    desk: Desk
    number: str
    officer: Officer
    form: FormData

    def key(self, part: str) -> str:
        """A press may be several acts; each is done once."""
        key = key_of(self.form)
        return f"{key}.{part}" if key else ""


Act = Callable[[Pressed], Awaitable[str]]
