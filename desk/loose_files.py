"""Files of a request or a narration that came and were then not wanted: they do not lie on the disk for ever.

A file is on disk before the act that refers to it. What an officer drops is let go at once; what a refused form or a
message left behind is noted when it comes and looked at after a while: if nothing refers to it then, it goes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sop.messages import File
from store import erasing, memory
from store.db import Change

NAME = "files.loose"
AGE = timedelta(hours=12)  # so long a form that was refused may be sent again with the files that it brought


def came(change: Change, files: Sequence[File], now: datetime) -> None:
    """They are on disk, and the act that will refer to them may be refused."""
    if files:
        noted: dict[str, Any] = memory.get(change, NAME)
        noted |= {each.path: now.isoformat() for each in files}
        memory.save(change, NAME, noted)


def let_go(change: Change, files: Iterable[File]) -> None:
    """Nothing of ours refers to them any more."""
    erasing.let_go(change, [each.path for each in files if each.path])


def let_go_of_old(change: Change, now: datetime) -> int:
    """What came so long ago that its act was done or will not be; what something refers to stays on the disk."""
    noted: dict[str, Any] = memory.get(change, NAME)
    old = [path for path, at in noted.items() if now - datetime.fromisoformat(at) > AGE]
    if old:
        erasing.let_go(change, old)
        memory.save(change, NAME, {path: at for path, at in noted.items() if path not in old})
    return len(old)
