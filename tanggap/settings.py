"""config.yaml as values: what this machine is. The office (units, officers, templates) is rows, not settings."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from pydantic import BaseModel, SecretStr

import channels as room
from tanggap.blocks import Backup, Bot, Bots, Desk, Identity, Server, Store, Watch
from tanggap.environment import fill_holes, read_env_file
from tanggap.faults import BadSettings, Fault, system_says
from tanggap.language import _
from tanggap.pydantic_faults import Checker
from tanggap.yaml_lines import Keys, read_lined

__all__ = [
    "Backup",
    "BadSettings",
    "Bot",
    "Bots",
    "Desk",
    "Identity",
    "Server",
    "Settings",
    "Store",
    "faults",
    "read_settings",
]

SHARED = {"certificate", "pace", "webhook"}  # files of that room which are no channel
FILES = ("sqlite:///", "maildir:", "csv:")
FORMS: Mapping[str, type[BaseModel]] = {
    "desk": Desk,
    "server": Server,
    "store": Store,
    "bots": Bots,
    "identity": Identity,
    "backup": Backup,
    "watch": Watch,
}


@dataclass(frozen=True)
class Settings:
    """`folder` holds config.yaml; relative paths in it are counted from there. A channel that is absent is off."""

    folder: Path
    desk: Desk
    server: Server
    store: Store
    channels: Mapping[str, BaseModel]
    bots: Bots
    identity: Identity
    backup: Backup | None = None
    file: str = "config.yaml"  # its name in the folder
    watch: Watch = field(default_factory=Watch)


def read_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Raises BadSettings, which holds every mistake and not only the first."""
    settings, found = _read(path, environ)
    if settings is None:
        raise BadSettings(found)
    return settings


def faults(path: Path, environ: Mapping[str, str]) -> tuple[Fault, ...]:
    """Every mistake in the file, by line. None means that the desk can start on it."""
    return _read(path, environ)[1]


def _read(path: Path, environ: Mapping[str, str]) -> tuple[Settings | None, tuple[Fault, ...]]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None, (
            Fault(
                path,
                1,
                "",
                _("berkas ini tidak ada"),
                _("jalankan: {command}", command=f"tanggap init {path.parent}"),
            ),
        )
    except (OSError, UnicodeDecodeError) as error:
        reason = system_says(error) if isinstance(error, OSError) else _("bukan teks UTF-8")
        return None, (Fault(path, 1, "", _("tidak dapat dibaca: {reason}", reason=reason)),)
    lined = read_lined(text)
    kept, wrong_env = read_env_file(path.parent / ".env")
    values, missing, open_paths = fill_holes(path, lined, {**kept, **environ})
    checker = Checker(path, lined, open_paths, _homes())
    settings = (
        None if lined.values is None and lined.mistakes else _settings(path.absolute(), values, checker)
    )
    in_file = {
        *(Fault(path, m.line, ".".join(m.path), m.what, m.remedy) for m in lined.mistakes),
        *missing,
        *checker.faults,
    }
    found = (*wrong_env, *sorted(in_file, key=lambda fault: (fault.line, fault.key)))
    return (None if found else settings), found


def _settings(path: Path, values: Any, checker: Checker) -> Settings | None:
    folder = path.parent
    blocks = checker.mapping(values, (), (*FORMS, "channels"))
    desk = checker.check(Desk, blocks.get("desk"), ("desk",))
    server = checker.check(Server, blocks.get("server"), ("server",))
    store = checker.check(Store, blocks.get("store"), ("store",))
    bots = checker.check(Bots, blocks.get("bots"), ("bots",))
    identity = checker.check(Identity, rooted(blocks.get("identity"), folder), ("identity",))
    backup = (
        checker.check(Backup, blocks["backup"], ("backup",)) if blocks.get("backup") is not None else None
    )
    watch = checker.check(Watch, blocks.get("watch"), ("watch",))
    channels = _channels(folder, blocks.get("channels"), checker)
    if desk is None or server is None or store is None or bots is None or identity is None or watch is None:
        return None
    at_home = {"url": rooted(store.url, folder), "files": folder / store.files}
    if backup:
        backup = backup.model_copy(update={"folder": folder / backup.folder})
    store = store.model_copy(update=at_home)
    settings = Settings(folder, desk, server, store, channels, bots, identity, backup, path.name, watch)
    _needs(settings, checker)
    return settings


def _channels(folder: Path, block: Any, checker: Checker) -> dict[str, BaseModel]:
    """A channel is a file of its room, and keeps the form of its own block: `channels.NAME.Settings`."""
    found = {}
    for name, values in checker.mapping(block, ("channels",), _known_channels()).items():
        form: type[BaseModel] = import_module(f"channels.{name}").Settings
        if settings := checker.check(form, rooted(values, folder), ("channels", name)):
            found[name] = settings
    return found


def _known_channels() -> list[str]:
    names = (each.name for each in iter_modules(room.__path__))
    return sorted(name for name in names if "_" not in name and name not in SHARED)


def _homes() -> dict[str, Keys]:
    """The block of each key that only one block has: where a key that stands elsewhere is sent."""
    places = [(key, (block,)) for block, form in FORMS.items() for key in form.model_fields]
    places += [(name, ("channels",)) for name in _known_channels()]
    once = Counter(key for key, _place in places)
    return {key: place for key, place in places if once[key] == 1 and key not in FORMS}


def _needs(settings: Settings, checker: Checker) -> None:
    """What a block that is right in itself still needs on this machine."""
    if settings.store.url.startswith("postgresql://") and not find_spec("psycopg"):
        remedy = _("jalankan: {command}", command='pip install "tanggap[postgres]"')
        checker.add(("store", "url"), _("penggerak PostgreSQL belum terpasang"), remedy)
    if settings.identity.oidc and not find_spec("authlib"):
        remedy = _("jalankan: {command}", command='pip install "tanggap[sso]"')
        checker.add(("identity", "oidc"), _("pustaka SSO belum terpasang"), remedy)
    if settings.backup and settings.backup.recipient and not find_spec("pyrage"):
        remedy = _("jalankan: {command}", command='pip install "tanggap[backup]"')
        checker.add(("backup", "recipient"), _("pustaka penyandian belum terpasang"), remedy)
    kind, _colon, file = (settings.identity.directory or "").partition(":")
    if kind == "csv" and not Path(file).is_file():
        checker.add(("identity", "directory"), _("berkas {file} tidak ada", file=file))
    owners: dict[SecretStr, Keys] = {}
    for path, token in _tokens(settings).items():
        if (owner := owners.setdefault(token, path)) != path:
            said = _("bot ini sudah dipakai {owner}", owner=".".join(owner))
            checker.add((*path, "token"), said, _("buat bot lain di BotFather"))


def _tokens(settings: Settings) -> dict[Keys, SecretStr]:
    telegram = getattr(settings.channels.get("telegram"), "token", None)
    bots = {("bots", name): getattr(settings.bots, name) for name in ("staff", "humas")}
    found = {("channels", "telegram"): telegram} | {path: bot.token for path, bot in bots.items() if bot}
    return {path: token for path, token in found.items() if token}


def rooted(value: Any, folder: Path) -> Any:
    """A file named in a value (`sqlite:///`, `maildir:`, `csv:`), counted from the folder of config.yaml."""
    if isinstance(value, dict):
        return {key: rooted(item, folder) for key, item in value.items()}
    for prefix in FILES:
        if isinstance(value, str) and value.startswith(prefix) and value != prefix:
            return f"{prefix}{folder / value.removeprefix(prefix)}"
    return value
