"""`channels.mail` of config.yaml, checked in words that say what to write."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import pydantic

from sop.errors import N_

MAX_LOCAL = 20  # characters before the @; what is left of 64 holds the reply token
_ADDRESS = re.compile(r"[A-Za-z0-9._\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+")
_INBOX = 'tulis "imaps://pengguna:${SANDI}@server/INBOX" atau "maildir:/jalur/ke/Maildir"'
_OUTBOX = 'tulis "smtps://pengguna:${SANDI}@server" atau "smtp://pengguna:${SANDI}@server:587?starttls"'


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool = False
    folder: str = ""

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"


class Settings(pydantic.BaseModel, frozen=True, extra="forbid"):
    """`inbox` and `outbox` hold passwords, so they never show themselves. `authserv_id` is the name our own mail
    server writes into Authentication-Results; without it no sender counts as proved."""

    address: str
    inbox: pydantic.SecretStr
    outbox: pydantic.SecretStr
    authserv_id: str = ""
    name: str = ""

    @pydantic.field_validator("address")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if not _ADDRESS.fullmatch(value):
            raise ValueError(N_("tulis satu alamat surel, misalnya care@contoh.ac.id"))
        if len(value.partition("@")[0]) > MAX_LOCAL:
            raise ValueError(
                f"bagian sebelum @ paling panjang {MAX_LOCAL} huruf, karena kode balasan ditambahkan di sana"
            )
        return value

    @pydantic.field_validator("authserv_id", "name")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if re.search(r"[\x00-\x1f\x7f]", value):
            raise ValueError(N_("tulis dalam satu baris, tanpa karakter kendali"))
        return value.strip()

    @pydantic.field_validator("inbox")
    @classmethod
    def _readable_inbox(cls, value: pydantic.SecretStr) -> pydantic.SecretStr:
        read_inbox(value.get_secret_value())
        return value

    @pydantic.field_validator("outbox")
    @classmethod
    def _usable_outbox(cls, value: pydantic.SecretStr) -> pydantic.SecretStr:
        read_outbox(value.get_secret_value())
        return value

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()

    @property
    def source(self) -> Server | Path:
        return read_inbox(self.inbox.get_secret_value())

    @property
    def relay(self) -> Server:
        return read_outbox(self.outbox.get_secret_value())


def read_inbox(value: str) -> Server | Path:
    """Raises ValueError with what to write instead."""
    if value.startswith("maildir:"):
        path = value.removeprefix("maildir:").strip()
        if not path or "\x00" in path:
            raise ValueError('setelah "maildir:" tulis jalur foldernya, misalnya maildir:/var/mail/care')
        return Path(path)
    url = _split(value, ("imaps", "imap"), _INBOX)
    if not url.username or not url.password:
        raise ValueError(f"pengguna atau kata sandi kotak masuk kosong; {_INBOX}")
    if url.scheme == "imap" and not _loopback(url.hostname or ""):
        raise ValueError(N_("imap:// tanpa TLS hanya untuk komputer ini sendiri; tulis imaps://"))
    return Server(
        host=url.hostname or "",
        port=url.port or (993 if url.scheme == "imaps" else 143),
        user=unquote(url.username),
        password=unquote(url.password),
        tls=url.scheme == "imaps",
        folder=unquote(url.path.strip("/")) or "INBOX",
    )


def read_outbox(value: str) -> Server:
    """Raises ValueError with what to write instead."""
    url = _split(value, ("smtps", "smtp"), _OUTBOX)
    if url.query not in ("", "starttls"):
        raise ValueError(f'setelah "?" hanya boleh "starttls"; {_OUTBOX}')
    if bool(url.username) != bool(url.password):
        raise ValueError(f"tulis pengguna dan kata sandi, atau tidak keduanya; {_OUTBOX}")
    starttls = url.scheme == "smtp" and url.query == "starttls"
    if url.password and not (url.scheme == "smtps" or starttls or _loopback(url.hostname or "")):
        raise ValueError(f"kata sandi tidak dikirim tanpa TLS; {_OUTBOX}")
    return Server(
        host=url.hostname or "",
        port=url.port or (465 if url.scheme == "smtps" else 587 if starttls else 25),
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        tls=url.scheme == "smtps",
        starttls=starttls,
    )


def _split(value: str, schemes: tuple[str, ...], instead: str) -> SplitResult:
    """`urlsplit` that takes an @ in a user name; its own complaints may quote the password, so they are replaced."""
    try:
        url = urlsplit(value)
        usable = url.scheme in schemes and bool(url.hostname) and (url.port is None or url.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f"alamat server tidak terbaca; {instead}")
    return url


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
