"""config.yaml as values: what this machine is. The office (units, officers, templates) is rows, not settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from sop.errors import N_
from tanggap.environment import fill_holes, read_env_file
from tanggap.faults import BadSettings, Fault, suggestion
from tanggap.language import _
from tanggap.pydantic_faults import Checker
from tanggap.yaml_lines import read_lined

__all__ = ["BadSettings", "Bot", "Desk", "Identity", "Server", "Settings", "Store", "faults", "read_settings"]

CHANNELS = ("telegram", "whatsapp", "mail", "web", "counter")
FILES = ("sqlite:///", "maildir:", "csv:")
SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 10


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(N_('bukan alamat web; tulis misalnya "https://care.example.ac.id"'))
    return url.rstrip("/")


def _zone(name: str) -> str:
    if name not in available_timezones():
        near = suggestion(name, ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Pontianak"))
        raise ValueError(_("zona waktu tidak dikenal") + f"; {near}")
    return name


def _strong(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if len(value) < SHORTEST_SECRET or len(set(value)) < FEWEST_CHARACTERS:
        raise ValueError(
            _(
                "terlalu mudah ditebak; isi sedikitnya {count} karakter acak, misalnya dari: {command}",
                count=SHORTEST_SECRET,
                command='python3 -c "import secrets; print(secrets.token_urlsafe(32))"',
            )
        )
    return secret


def _filled(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().strip():
        raise ValueError(N_("masih kosong"))
    return secret


def _store_url(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql://")):
        raise ValueError(N_('bukan alamat basis data; tulis misalnya "sqlite:///data/tanggap.db"'))
    return url


def _directory(url: str) -> str:
    if not url.startswith(("csv:", "ldap://", "ldaps://")):
        raise ValueError(
            N_('bukan direktori; tulis misalnya "csv:people.csv" atau "ldaps://ldap.example.ac.id"')
        )
    return url


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Token = Annotated[SecretStr, AfterValidator(_filled)]
WebAddress = Annotated[str, AfterValidator(_public_url)]


class Block(BaseModel):
    """One block of the file: unknown keys are mistakes, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Desk(Block):
    name: Text
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Jakarta"
    language: Literal["id", "en"] = "id"
    public_url: WebAddress
    secret: Annotated[SecretStr, AfterValidator(_strong)]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Server(Block):
    host: Text = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()


class Store(Block):
    """`files` is absolute; so is a SQLite file's path in `url`."""

    url: Annotated[str, AfterValidator(_store_url)] = "sqlite:///data/tanggap.db"
    files: Path = Path("data/files")


class Bot(Block):
    """A bot for officers. `group` gets masked cards only; a unit's own group is linked in the console."""

    token: Token
    mode: Literal["polling", "webhook"] = "polling"
    secret: Token | None = None
    api: WebAddress = "https://api.telegram.org"
    group: int | None = None

    @model_validator(mode="after")
    def webhook_needs_a_secret(self) -> "Bot":
        if self.mode == "webhook" and self.secret is None:
            raise ValueError(N_('mode webhook memerlukan secret; tulis misalnya secret: "${STAFF_SECRET}"'))
        return self


class Bots(Block):
    staff: Bot | None = None
    humas: Bot | None = None


class Identity(Block):
    """Where claims of reporters are looked up."""

    directory: Annotated[str, AfterValidator(_directory)] | None = None


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
        reason = error.strerror if isinstance(error, OSError) else _("bukan teks UTF-8")
        return None, (Fault(path, 1, "", _("tidak dapat dibaca: {reason}", reason=reason)),)
    lined = read_lined(text)
    kept, wrong_env = read_env_file(path.parent / ".env")
    values, missing, open_paths = fill_holes(path, lined, {**kept, **environ})
    checker = Checker(path, lined, open_paths)
    settings = (
        None
        if lined.values is None and lined.mistakes
        else _settings(path.parent.absolute(), values, checker)
    )
    in_file = {
        *(Fault(path, m.line, ".".join(m.path), m.what, m.remedy) for m in lined.mistakes),
        *missing,
        *checker.faults,
    }
    found = (*wrong_env, *sorted(in_file, key=lambda fault: (fault.line, fault.key)))
    return (None if found else settings), found


def _settings(folder: Path, values: Any, checker: Checker) -> Settings | None:
    blocks = checker.mapping(values, (), ("desk", "server", "store", "channels", "bots", "identity"))
    desk = checker.check(Desk, blocks.get("desk"), ("desk",))
    server = checker.check(Server, blocks.get("server"), ("server",))
    store = checker.check(Store, blocks.get("store"), ("store",))
    bots = checker.check(Bots, blocks.get("bots"), ("bots",))
    identity = checker.check(Identity, rooted(blocks.get("identity"), folder), ("identity",))
    channels = _channels(folder, blocks.get("channels"), checker)
    if desk is None or server is None or store is None or bots is None or identity is None:
        return None
    at_home = {"url": rooted(store.url, folder), "files": folder / store.files}
    settings = Settings(folder, desk, server, store.model_copy(update=at_home), channels, bots, identity)
    _needs(settings, checker)
    return settings


def _channels(folder: Path, block: Any, checker: Checker) -> dict[str, BaseModel]:
    """Each channel keeps the form of its own block: `channels.NAME.Settings`."""
    known = [name for name in CHANNELS if find_spec(f"channels.{name}")]
    found = {}
    for name, values in checker.mapping(block, ("channels",), known).items():
        form: type[BaseModel] = import_module(f"channels.{name}").Settings
        if settings := checker.check(form, rooted(values, folder), ("channels", name)):
            found[name] = settings
    return found


def _needs(settings: Settings, checker: Checker) -> None:
    """What a block that is right in itself still needs on this machine."""
    if settings.store.url.startswith("postgresql://") and not find_spec("psycopg"):
        remedy = _("jalankan: {command}", command='pip install "tanggap[postgres]"')
        checker.add(("store", "url"), _("penggerak PostgreSQL belum terpasang"), remedy)
    kind, _colon, file = (settings.identity.directory or "").partition(":")
    if kind == "csv" and not Path(file).is_file():
        checker.add(("identity", "directory"), _("berkas {file} tidak ada", file=file))


def rooted(value: Any, folder: Path) -> Any:
    """A file named in a value (`sqlite:///`, `maildir:`, `csv:`), counted from the folder of config.yaml."""
    if isinstance(value, dict):
        return {key: rooted(item, folder) for key, item in value.items()}
    for prefix in FILES:
        if isinstance(value, str) and value.startswith(prefix) and value != prefix:
            return f"{prefix}{folder / value.removeprefix(prefix)}"
    return value
