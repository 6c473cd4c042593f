"""Where a bot's word goes. Apart from the sender, which costs the library."""

from typing import NamedTuple


class Place(NamedTuple):
    """A chat and the topic in it; `message` is what an answer there refers to."""

    chat: int
    topic: int | None = None
    message: int | None = None

    @property
    def group(self) -> bool:
        return self.chat < 0
