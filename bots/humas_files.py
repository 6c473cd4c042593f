"""Letters and pictures that officers send: fetched and on disk before the act that refers to them."""

import asyncio
from collections.abc import AsyncIterator

from msgspec.structs import replace
from telegram import Bot, Message
from telegram import error as refusal

from desk import loose_files, sniffing
from desk.desk import Desk
from sop.errors import N_, DeskError, Unavailable
from sop.messages import File, Kind
from sop.text import one_line

LARGEST = 20 * 1024 * 1024  # bytes that Telegram hands to a bot
TAKEN = ("application/pdf", "image/jpeg", "image/png", "image/webp")


class TooLargeForBots(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_("Berkas lebih dari 20 MB tidak sampai kepada bot. Perkecil, atau unggah di konsol.")
        )


class NoLetter(DeskError):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_("“{name}” bukan surat yang dapat dibaca. Kirim sebagai PDF atau foto."), name=name[:60]
        )


class FileGone(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Telegram tidak memberikan berkas ini. Kirim sekali lagi."))


async def kept(bot: Bot, desk: Desk, message: Message) -> tuple[File, ...]:
    """The message's file, if it has one. Raises Unavailable while Telegram is away, and in words for what is no letter."""
    document, photo = message.document, message.photo[-1] if message.photo else None
    found = document or photo
    if found is None:
        return ()
    if (found.file_size or 0) > LARGEST:
        raise TooLargeForBots
    content = await _fetched(bot, found.file_id)
    on_disk = await desk.files.keep(_one(content), limit=LARGEST)
    name = one_line((document and document.file_name) or "", 120) or ("surat.jpg" if photo else "surat.pdf")
    claimed = (document and document.mime_type) or "image/jpeg"
    typed = await asyncio.to_thread(sniffing.typed, desk.files.path(on_disk), claimed)
    if typed not in TAKEN:
        desk.files.drop(on_disk.path)
        raise NoLetter(name)
    kind = Kind.PHOTO if typed.startswith("image/") else Kind.DOCUMENT
    file = replace(on_disk, kind=kind, name=name, content_type=typed)
    await desk.db.write(loose_files.came, (file,), desk.clock())
    return (file,)


async def _fetched(bot: Bot, number: str) -> bytes:
    try:
        file = await bot.get_file(number)
        return bytes(await file.download_as_bytearray())
    except refusal.BadRequest:
        raise FileGone from None
    except refusal.TelegramError as error:
        raise Unavailable(f"telegram: {type(error).__name__}") from None


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content
