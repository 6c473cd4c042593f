"""One word of an officer to a bot: who speaks, where, about which ticket, and how they are answered."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from desk.desk import Desk
from sop.errors import N_, DeskError
from sop.language import Language, translate
from sop.messages import Button, File
from sop.officer import Officer
from sop.text import shortened

Buttons = tuple[tuple[Button, ...], ...]
NUMBER = re.compile(r"#?\d{1,15}", re.ASCII)
ON_CARD = re.compile(r"#(\d{1,15})(?!\d)", re.ASCII)


class Usage(DeskError):
    """The command needs a number or words that are not there: what to type instead."""

    def __init__(self, example: str) -> None:
        super().__init__(N_("Perintah ini belum lengkap. Tulis misalnya: {example}"), example=example)


class NoNumber(DeskError):
    def __init__(self, given: str, example: str) -> None:
        super().__init__(
            N_("“{given}” bukan nomor tiket. Tulis misalnya: {example}"),
            given=shortened(given, 30),
            example=example,
        )


class Voice(Protocol):
    """How the bot answers. Neither raises: what could not be said only the log hears."""

    async def say(self, text: str, buttons: Buttons = ()) -> None:
        """A message where the officer wrote."""

    async def become(self, text: str, buttons: Buttons = ()) -> None:
        """The card whose button was pressed becomes its result."""

    async def close(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the pressed button, once; nothing for a command."""


@dataclass(frozen=True, slots=True)
class Talk:
    """`words` follow the command, or are a button's data; `card` is the ticket on the message it refers to, or "".

    `key` is the same when the update comes again. `unit` is the one whose group this is, None in a private chat.
    """

    desk: Desk
    officer: Officer
    voice: Voice
    key: str
    now: datetime
    words: str
    card: str = ""
    shown: str = ""  # the text of the card whose button was pressed
    unit: int | None = None
    place: tuple[int, int] = (0, 0)  # chat and message of the card whose button was pressed
    files: tuple[File, ...] = ()  # what came with the words, on disk already

    @property
    def language(self) -> Language:
        return self.officer.language

    def text(self, message: str, **params: object) -> str:
        return translate(message, self.language, **params)

    def number(self, example: str) -> str:
        """The ticket meant: the first word, else the card's. Raises Usage, NoNumber."""
        return self.number_and_words(example)[0]

    def number_and_words(self, example: str) -> tuple[str, str]:
        """The ticket meant and what follows. In a reply to a card the number may be left out. Raises Usage, NoNumber."""
        first, _, rest = self.words.partition(" ")
        first, newline, more = first.partition("\n")
        rest = (f"{more} {rest}" if newline else rest).strip()
        named = NUMBER.fullmatch(first) is not None
        if self.card and not (named and (first.startswith("#") or first == self.card)):
            return self.card, self.words
        if named:
            return first.removeprefix("#"), rest
        if not first:
            raise Usage(example)
        raise NoNumber(first, example)
