"""Senders of the demo's past: what the desk says is in the phones at once, at the moment where the clock stands."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from channels import mail_out
from channels.mail_settings import Settings as MailSettings
from demo import past
from demo.stage import Stage
from desk.delivery import Sender
from sop.messages import Outgoing, Receipt, SendFailed
from tanggap.settings import Settings


class TelegramPast:
    """The words of one of the bots."""

    def __init__(self, stage: Stage, token: str, public_url: str) -> None:
        self._stage = stage
        self._token = token
        self._url = public_url

    async def send(self, outgoing: Outgoing) -> Receipt:
        if outgoing.edits:
            return Receipt(external_id=outgoing.edits)
        text = outgoing.text
        if outgoing.link and outgoing.auto:
            text = f"{text}\n\n{self._url}/status/{outgoing.link}"
        buttons = [
            [{"text": each.label, "callback_data": each.data} for each in row] for row in outgoing.buttons
        ]
        chat = int(outgoing.to)
        number = past.telegram_answer(self._stage, self._token, chat, text, buttons)
        return Receipt(external_id=f"{chat}:{number}")


class WhatsAppPast:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def send(self, outgoing: Outgoing) -> Receipt:
        return Receipt(external_id=past.whatsapp_answer(self._stage, outgoing.to, outgoing.text))


class MailPast:
    """Composed as the channel does, laid into the mailbox without SMTP."""

    def __init__(
        self,
        stage: Stage,
        settings: MailSettings,
        *,
        secret: str,
        public_url: str,
        clock: Callable[[], datetime],
        files: Path,
    ) -> None:
        self._stage = stage
        self._settings = settings
        self._secret = secret
        self._public_url = public_url
        self._clock = clock
        self._files = files

    async def send(self, outgoing: Outgoing) -> Receipt:
        letter = mail_out.build(
            outgoing,
            self._settings,
            secret=self._secret,
            public_url=self._public_url,
            at=self._clock(),
            files_root=self._files,
        )
        self._stage.mailbox.take([letter.recipient], letter.data)
        return Receipt(external_id=letter.message_id)


def quiet_senders(stage: Stage, settings: Settings) -> dict[str, Sender]:
    """A sender for each channel of the demo, and for the staff bot."""
    mail = settings.channels["mail"]
    if not isinstance(mail, MailSettings):
        raise SendFailed("the demo has no mail channel")
    url = settings.desk.public_url
    return {
        "telegram": TelegramPast(stage, stage.public_bot, url),
        "staff": TelegramPast(stage, stage.staff_bot, url),
        "humas": TelegramPast(stage, stage.humas_bot, url),
        "whatsapp": WhatsAppPast(stage),
        "mail": MailPast(
            stage,
            mail,
            secret=settings.desk.secret.get_secret_value(),
            public_url=url,
            clock=stage.clock,
            files=settings.store.files,
        ),
    }
