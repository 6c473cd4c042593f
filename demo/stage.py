"""Who and what stands on the demo's stage: the simulated providers, a reporter with a phone, officers with theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from demo.mailbox import Mailbox
from demo.telegram import Telegram
from demo.twilio import Twilio


@dataclass(frozen=True)
class Reporter:
    """One person on three channels."""

    name: str
    telegram: int
    whatsapp: str
    mail: str


@dataclass(frozen=True)
class Officer:
    """Somebody of the office; `login` is the console's, `home` the page they begin at, `bot` the one their phone talks to.

    `group` is what the visitor chooses under.
    """

    login: str
    name: str
    title: str
    telegram: int
    group: str = ""
    home: str = "/"
    bot: Literal["staff", "humas"] = "staff"


@dataclass(frozen=True)
class Stage:
    """`public_bot`, `staff_bot` and `humas_bot` are tokens of the Telegram simulator ("" for the last: there is none);
    `zone` is the wall clock of the pages."""

    telegram: Telegram
    twilio: Twilio
    mailbox: Mailbox
    public_bot: str
    staff_bot: str
    office: str
    reporter: Reporter
    officers: tuple[Officer, ...]
    clock: Callable[[], datetime]
    zone: str = "Asia/Jakarta"
    humas_bot: str = ""

    def set_up(self) -> None:
        """Bots at BotFather, people with accounts. Repeated at each start; what is known stays."""
        self.telegram.add_bot(self.public_bot, "layanan_contoh_bot", f"Layanan {self.office}")
        self.telegram.add_bot(self.staff_bot, "petugas_contoh_bot", "Bot petugas")
        if self.humas_bot:
            self.telegram.add_bot(self.humas_bot, "humas_contoh_bot", "Bot Humas")
        self.telegram.phone(self.public_bot).person(self.reporter.telegram, self.reporter.name)
        for each in self.officers:
            self.telegram.phone(self.staff_bot).person(each.telegram, each.name)
        self.twilio.phone.person(self.reporter.whatsapp, self.reporter.name)

    @property
    def bots(self) -> tuple[str, ...]:
        """The tokens of all bots."""
        return tuple(filter(None, (self.public_bot, self.staff_bot, self.humas_bot)))

    def bot_of(self, officer: Officer) -> str:
        """The token of the bot that is open on that officer's phone."""
        return self.humas_bot if officer.bot == "humas" and self.humas_bot else self.staff_bot

    def officer(self, login: str) -> Officer:
        """The first of them for "". Raises ValueError for somebody else."""
        found = next((each for each in self.officers if login in ("", each.login)), None)
        if found is None:
            raise ValueError("unknown officer")
        return found
