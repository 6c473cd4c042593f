"""Files that Telegram has already: an announcement's picture goes up once, and is only named to everybody after."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

MOST = 200  # files that are remembered
STALE = re.compile(r"wrong (remote )?file[ _]id", re.IGNORECASE)
Sent = tuple[str, str]
"""How a file is sent ("photo", "document", ...), and where it lies in our folder."""


class Uploaded:
    """What Telegram calls the files that it took from this bot. A name counts for one form: a photo's is no document's."""

    def __init__(self) -> None:
        self._names: dict[Sent, str] = {}

    def name(self, sent: Sent) -> str:
        """ "" where it has to go up."""
        return self._names.get(sent, "")

    def learn(self, sent: Iterator[Sent], messages: Sequence[Any]) -> None:
        """From the messages that Telegram made of `sent`, in the same order; one of words alone takes none of it."""
        for message in messages:
            if not any(getattr(message, form, None) for form in FORMS):
                continue
            file = next(sent, None)
            media = getattr(message, file[0], None) if file else None
            if file and media:
                self._keep(file, media[-1].file_id if isinstance(media, list) else media.file_id)

    def forget(self, sent: Iterable[Sent]) -> None:
        """Telegram knows the name no longer."""
        for each in sent:
            self._names.pop(each, None)

    def _keep(self, file: Sent, name: str) -> None:
        self._names.pop(file, None)
        self._names[file] = name
        while len(self._names) > MOST:
            self._names.pop(next(iter(self._names)))


FORMS = ("photo", "video", "document", "audio", "voice", "animation")
