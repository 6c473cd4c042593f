"""The blocks of config.yaml that no channel owns, each checked by its form."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
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
from tanggap.faults import suggestion
from tanggap.language import _

SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 10


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(N_('bukan alamat web; tulis misalnya "https://care.example.ac.id"'))
    return url.rstrip("/")


def _issuer(url: str) -> str:
    """As the provider writes it: a slash at the end belongs to it."""
    parts = urlsplit(url)
    here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and here)):
        raise ValueError(
            N_('bukan penyedia SSO; tulis alamat https-nya, misalnya "https://sso.example.ac.id"')
        )
    return url


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
    if not url.startswith(("sqlite:///", "postgresql://")) or url in {"sqlite:///", "postgresql://"}:
        raise ValueError(N_('bukan alamat basis data; tulis misalnya "sqlite:///data/tanggap.db"'))
    return url


def _directory(url: str) -> str:
    if not url.startswith(("csv:", "ldap://", "ldaps://")):
        raise ValueError(
            N_('bukan direktori; tulis misalnya "csv:people.csv" atau "ldaps://ldap.example.ac.id"')
        )
    return url


def _our_address(url: str) -> str:
    if urlsplit(url).path.strip("/"):
        raise ValueError(
            N_('meja memerlukan nama host sendiri, tanpa folder; tulis misalnya "https://care.example.ac.id"')
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
    public_url: Annotated[WebAddress, AfterValidator(_our_address)]
    secret: Annotated[SecretStr, AfterValidator(_strong)]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Server(Block):
    """`metrics_token` opens /metrics from elsewhere than this machine. `logs` "auto": for people on a terminal, else JSON."""

    host: Text = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    metrics_token: Annotated[SecretStr, AfterValidator(_strong)] | None = None
    logs: Literal["auto", "people", "json"] = "auto"


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


def _hour(text: str) -> str:
    hours, _dot, minutes = text.replace(":", ".").partition(".")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        raise ValueError(N_('bukan jam; tulis di antara tanda kutip, misalnya "02.00"'))
    return f"{int(hours):02}.{int(minutes):02}"


def _mail_address(text: str) -> str:
    name, _at, host = text.rpartition("@")
    if text and (not name or "." not in host or " " in text):
        raise ValueError(N_("bukan alamat surel; tulis misalnya operator@example.ac.id"))
    return text


def _recipient(text: str) -> str:
    if text and not text.startswith("age1"):
        raise ValueError(
            N_('bukan kunci penerima; tulis yang berawalan "age1", dari: tanggap backup --new-key BERKAS')
        )
    return text


class Backup(Block):
    """A backup every night at `at` (the desk's own hour), of which the newest `keep` stay. `folder` is absolute.

    With `recipient` a backup is sealed: only the holder of that key opens it.
    """

    folder: Path
    at: Annotated[str, AfterValidator(_hour)] = "02.00"
    keep: Annotated[int, Field(ge=1, le=1000)] = 14
    recipient: Annotated[str, AfterValidator(_recipient)] = ""


class Watch(Block):
    """From where on the operator is told of a trouble: in the sysadmins' chats, and at `mail`."""

    mail: Annotated[str, AfterValidator(_mail_address)] = ""
    outbox_minutes: Annotated[int, Field(ge=1, le=10_000)] = 15
    disk_percent: Annotated[int, Field(ge=1, le=90)] = 10
    backup_hours: Annotated[int, Field(ge=1, le=10_000)] = 36


class Oidc(Block):
    """The office's identity provider, by which officers may sign in (docs/decisions/0016-single-sign-on.md)."""

    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: Text
    client_secret: Token
    mail_domain: str = ""


class Identity(Block):
    """Where claims of reporters are looked up, and by whom officers may be known."""

    directory: Annotated[str, AfterValidator(_directory)] | None = None
    oidc: Oidc | None = None
