"""The folder of a demo: what is its own may be wiped, anybody else's is left alone."""

import json
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sop.errors import N_, DeskError

MARK = "peragaan.json"


class NotADemo(DeskError):
    """Only a folder that a demo made is used or wiped by one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            N_("Folder {folder} berisi hal lain, bukan peragaan. Pilih folder lain dengan: --data FOLDER"),
            folder=str(folder),
        )


@dataclass
class Folder:
    """`facts` are kept in the mark: the secret, the clock's offset, whether the demo's past is made, and its schema."""

    path: Path
    facts: dict[str, Any]

    @property
    def built(self) -> bool:
        return bool(self.facts.get("built"))

    @property
    def schema(self) -> str:
        """The revision of the database that this demo last ran with; "" for one that kept none."""
        return str(self.facts.get("schema", ""))

    @property
    def secret(self) -> str:
        return str(self.facts["secret"])

    @property
    def offset(self) -> float:
        return float(self.facts.get("offset", 0))

    def keep(self, **facts: Any) -> None:
        self.facts |= facts
        fresh = self.path / f".{MARK}"
        fresh.write_text(json.dumps(self.facts), encoding="utf-8")
        fresh.chmod(0o600)
        fresh.replace(self.path / MARK)


def open_folder(path: Path, *, fresh: bool) -> Folder:
    """A half-made demo begins anew, as a `fresh` one does. Raises NotADemo."""
    path = path.absolute()
    mark = path / MARK
    if path.exists() and not mark.is_file() and (not path.is_dir() or any(path.iterdir())):
        raise NotADemo(path)
    facts = _facts(mark)
    if fresh or not facts.get("built"):
        if mark.is_file():
            _wipe(path)
        facts = {"secret": secrets.token_urlsafe(32)}
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Folder(path, facts)
    folder.keep()
    return folder


def _facts(mark: Path) -> dict[str, Any]:
    try:
        found = json.loads(mark.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _wipe(path: Path) -> None:
    """Everything in it, the mark last: a wipe that was interrupted can go on."""
    for each in sorted(path.iterdir(), key=lambda found: found.name == MARK):
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()
