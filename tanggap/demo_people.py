"""The reporters of the demo's past: they write by the simulators, and what they wrote is decoded as the channels do."""

import json
from typing import Any

from channels import mail_parse, mail_threads, telegram_decode, whatsapp_decode
from channels.mail_settings import Settings as MailSettings
from demo.samples import photo as classroom
from demo.slip import slip
from demo.stage import Reporter, Stage
from sop.messages import Incoming
from tanggap.settings import Settings

PICTURES = {"ya": classroom, "bukti": slip}


class People:
    def __init__(self, stage: Stage, settings: Settings) -> None:
        self._stage = stage
        self._secret = settings.desk.secret.get_secret_value()
        mail = settings.channels["mail"]
        assert isinstance(mail, MailSettings)
        self._mail = mail
        self._known: dict[str, Reporter] = {stage.reporter.name.lower(): stage.reporter}

    def know(self, written: dict[str, Any]) -> None:
        """Give everybody accounts."""
        for key, line in written.items():
            if key in self._known:
                continue
            address = f"whatsapp:{line['whatsapp']}"
            self._known[key] = Reporter(line["nama"], line["telegram"], address, line["surel"])
            self._stage.telegram.phone(self._stage.public_bot).person(line["telegram"], line["nama"])
            self._stage.twilio.phone.person(address, line["nama"])

    async def write(self, who: str, channel: str, step: dict[str, Any], subject: str) -> Incoming:
        """Write at this moment; the message in the desk's words."""
        person, text = self._known[who], str(step.get("pesan", ""))
        photo = PICTURES[step["foto"]]() if "foto" in step else b""
        match channel:
            case "telegram":
                return self._telegram(person, text, photo)
            case "whatsapp":
                return self._whatsapp(person, text, photo)
            case _:
                return self._letter(person, text, subject)

    def _telegram(self, person: Reporter, text: str, photo: bytes) -> Incoming:
        phone = self._stage.telegram.phone(self._stage.public_bot)
        said = phone.photo(person.telegram, photo, text) if photo else phone.write(person.telegram, text)
        update = json.dumps({"update_id": said["message_id"], "message": said}).encode()
        word = telegram_decode.parse(update, self._stage.clock(), update)
        assert isinstance(word, Incoming)
        return word

    def _whatsapp(self, person: Reporter, text: str, photo: bytes) -> Incoming:
        phone, who = self._stage.twilio.phone, person.whatsapp
        if photo:
            sid = phone.media(who, photo, "image/png", name="foto.png", caption=text)
        else:
            sid = phone.write(who, text)
        return whatsapp_decode.parse(phone.form(sid), self._stage.clock())

    def _letter(self, person: Reporter, text: str, subject: str) -> Incoming:
        letter = self._stage.mailbox.write(person.mail, subject, text, name=person.name)
        mail = mail_parse.parse(letter.raw, self._mail.authserv_id)
        return mail_threads.incoming(mail, letter.raw, self._stage.clock(), self._mail, self._secret, ())
