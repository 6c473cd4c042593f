"""A mail that means harm, through the whole desk: kept as it is, unpacked by nobody, harmless wherever it is shown."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

from demo.mail_letter import stamp
from store import attachments, messages, tickets
from store.db import View
from tests.channels.counterparts import mail_at
from tests.channels.rig import opened
from tests.clock import Clock


def bomb() -> bytes:
    """A megabyte of nothing in a thousandth of it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("nol.bin"), bytes(1_000_000), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def harmful(to: str) -> bytes:
    mail = EmailMessage()
    mail["To"], mail["Message-ID"] = to, "<m1@example.com>"
    mail.set_content("Lihat lampiran <script>alert(1)</script>.")
    mail.add_attachment(bomb(), maintype="application", subtype="zip", filename="../../\u202egpj.exe")
    head = (
        "From: =?utf-8?q?=3Cscript=3E=0D=0ABcc=3A_x=40y=2Eid?= <warga0@example.com>\n"
        "Subject: =?utf-8?q?KRS=0D=0AX-Evil=3A_1=00?=\n"
    )
    return head.encode() + mail.as_bytes()


async def test_a_harmful_mail_is_kept_whole_and_harmless(sqlite_url: str, tmp_path: Path) -> None:
    async with (
        mail_at(tmp_path, Clock()) as mail,
        opened(sqlite_url, tmp_path, Clock(), mail) as desk,
    ):
        box = mail.box
        raw = stamp(harmful(box.address), mail.address(0), box.address, box.authserv_id, "pass", box.clock())
        (box.maildir / "new" / "1.contoh").write_bytes(raw)
        number = await desk.ticket("mail", 0)
        ticket = await desk.db.read(tickets.find, number)
        (file,) = await desk.db.read(_files, number)
        stored = [path for path in desk.files.rglob("*") if path.is_file()]
        await desk.deliver()
        (letter,) = mail.box.inbox(mail.address(0))

    assert ticket is not None
    for words in (ticket.subject, ticket.name, file.file.name, letter.subject):
        assert not set(words) & set("\r\n\x00\u202e")
    assert not set(file.file.name) & set("/\\")
    assert [path.read_bytes() for path in stored] == [bomb()]
    assert "X-Evil" in ticket.subject and letter.subject.startswith("Re: KRS X-Evil: 1")


def _files(view: View, number: int) -> list[attachments.Attachment]:
    return [file for each in messages.of_ticket(view, number) for file in each.attachments]
