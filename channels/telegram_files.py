"""Files of an answer as Telegram takes them: pictures and films as one album, papers as another. Beside `telegram_bot`."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from aiogram.methods import (
    SendAnimation,
    SendAudio,
    SendDocument,
    SendMediaGroup,
    SendPhoto,
    SendVideo,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import (
    FSInputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
)

from channels.telegram_uploads import Sent
from sop.messages import File, Kind

LARGEST_PHOTO = 10_000_000
LARGEST_ALBUM = 10
NOT_A_NAME = re.compile(r'[\x00-\x1f"\\/:\u202a-\u202e\u2066-\u2069]')
FORMS: dict[str, tuple[type[TelegramMethod[Message]], Any]] = {
    "photo": (SendPhoto, InputMediaPhoto),
    "video": (SendVideo, InputMediaVideo),
    "document": (SendDocument, InputMediaDocument),
    "audio": (SendAudio, InputMediaAudio),
    "voice": (SendVoice, None),
    "animation": (SendAnimation, None),
}
"""What a kind is called there, how one is sent, and how it lies in an album; None: never in one."""
TOGETHER = {"photo": "seen", "video": "seen", "document": "read", "audio": "heard"}
SIGNS = {"photo": "upload_photo", "video": "upload_video", "voice": "upload_voice", "audio": "upload_voice"}

Method = TelegramMethod[Any]
Kept = tuple[File, Path]


def in_albums(files: Sequence[Kept], *, alone: bool) -> list[list[Kept]]:
    """The files in what can be one send each, in their order; neighbours of one sort are an album of two to ten.

    `alone`: the last is by itself, since buttons hang under no album.
    """
    found: list[list[Kept]] = []
    for sort, run in groupby(files, key=lambda kept: TOGETHER.get(form_of(kept), "")):
        together = list(run)
        most = LARGEST_ALBUM if sort else 1
        found += [together[at : at + most] for at in range(0, len(together), most)]
    if alone and found and len(found[-1]) > 1:
        found[-1:] = [found[-1][:-1], found[-1][-1:]]
    return found


def grouped(
    album: Sequence[Kept], common: dict[str, Any], known: Callable[[Sent], str] = lambda _: ""
) -> Method:
    """One request for all of them: it is taken whole or not at all. `known`: Telegram's own name of a file, "" where it
    has to go up."""
    if len(album) == 1:
        kept = album[0]
        return FORMS[form_of(kept)][0](**{form_of(kept): _given(kept, known)}, **common)
    media = [FORMS[form_of(kept)][1](media=_given(kept, known)) for kept in album]
    return SendMediaGroup(media=media, **common)


def captioned(method: Method, text: str) -> Method:
    """The same with its words: under an album of pictures, and under the last of several papers."""
    if not isinstance(method, SendMediaGroup):
        return method.model_copy(update={"caption": text})
    at = 0 if isinstance(method.media[0], InputMediaPhoto | InputMediaVideo) else len(method.media) - 1
    media = list(method.media)
    media[at] = media[at].model_copy(update={"caption": text})
    return method.model_copy(update={"media": media})


def action(file: File) -> str:
    """What Telegram shows while it is on its way."""
    return SIGNS.get(file.kind.value, "upload_document")


def form_of(kept: Kept) -> str:
    """How it is sent: a picture too large or of another kind is a document."""
    file, path = kept
    name = file.kind.value if file.kind.value in FORMS else "document"
    large = name == "photo" and path.stat().st_size > LARGEST_PHOTO
    return "document" if large or (file.kind is Kind.PHOTO and _no_photo(file)) else name


def _no_photo(file: File) -> bool:
    """What Telegram would not take as a photo."""
    return file.content_type not in ("image/jpeg", "image/png", "image/webp", "application/octet-stream")


def _given(kept: Kept, known: Callable[[Sent], str]) -> FSInputFile | str:
    return known((form_of(kept), kept[0].path)) or _upload(kept)


def _upload(kept: Kept) -> FSInputFile:
    file, path = kept
    return FSInputFile(path, filename=NOT_A_NAME.sub("_", file.name)[:200] or path.name)
