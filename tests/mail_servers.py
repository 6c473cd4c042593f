"""Dovecot and Postfix from Debian's packages on loopback, each with a configuration of its own: a second opinion on mail.

Both begin as root and go down to users of their own; without root, or without them, their tests skip by name.
"""

import asyncio
import os
import shutil
import socket
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers import ImapPeer, free_port, missing, program

DOMAIN = "contoh.ac.id"
_MAIL = 8  # Debian's user and group `mail`
_DOVECOT = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{root}/box
passdb {{
  driver = static
  args = password=sandi
}}
userdb {{
  driver = static
  args = uid=8 gid=8 home={root}/box
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""
_MAIN = """
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
maillog_file = {root}/log
maillog_file_prefixes = {root}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.contoh.ac.id
mydestination =
mynetworks = 127.0.0.0/8
recipient_delimiter = +
virtual_mailbox_domains = contoh.ac.id
virtual_mailbox_base = {root}/boxes
virtual_mailbox_maps = texthash:{root}/etc/boxes
virtual_minimum_uid = 1
virtual_uid_maps = static:8
virtual_gid_maps = static:8
virtual_alias_maps = texthash:{root}/etc/gone
default_transport = error:5.1.1 no such user there
smtputf8_enable = no
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
"""


@dataclass(frozen=True)
class Dovecot(ImapPeer):
    """`box` is the Maildir behind INBOX, into which an MTA would put mails."""

    box: Path = Path()

    def drop(self, raw: bytes, name: str) -> None:
        """A mail as an MTA leaves it: whole, from `tmp` to `new`."""
        fresh = self.box / "tmp" / name
        fresh.write_bytes(raw)
        os.chown(fresh, _MAIL, _MAIL)
        fresh.rename(self.box / "new" / name)


@dataclass(frozen=True)
class Postfix:
    """Takes mails for `warga@` and `care@` (with any addition) into Maildirs, sends back those for `pindah@`, refuses all
    others."""

    port: int
    boxes: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def box(self, name: str) -> Path:
        return self.boxes / name


@contextmanager
def _place(peer: str) -> Iterator[Path]:
    """A folder that the servers' own users may enter; the tests' own are the caller's alone."""
    if os.geteuid():
        missing(peer, "it begins as root")
    root = Path(tempfile.mkdtemp(prefix=f"desk-{peer}-"))
    root.chmod(0o755)
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


@asynccontextmanager
async def dovecot() -> AsyncIterator[Dovecot]:
    """An IMAP server for one account, which is new at each start."""
    binary = program("dovecot", "dovecot", "/usr/sbin/dovecot")
    with _place("dovecot") as root:
        port = free_port()
        _maildir(root / "box")
        config = root / "dovecot.conf"
        config.write_text(_DOVECOT.format(root=root, port=port))
        running = await asyncio.create_subprocess_exec(
            binary, "-F", "-c", str(config), stdout=DEVNULL, stderr=DEVNULL
        )
        try:
            await _greets(port, running)
            yield Dovecot(port=port, user="care", password="sandi", box=root / "box")
        finally:
            if running.returncode is None:
                running.terminate()
            await running.wait()


@asynccontextmanager
async def postfix() -> AsyncIterator[Postfix]:
    """A mail server for one domain with two mailboxes."""
    binary = program("postfix", "postfix", "/usr/sbin/postfix")
    with _place("postfix") as root:
        port = free_port()
        for name in ("etc", "queue", "data", "boxes"):
            (root / name).mkdir()
        shutil.chown(root / "data", "postfix")
        for name in ("care", "warga"):
            _maildir(root / "boxes" / name)
        (root / "etc" / "main.cf").write_text(_MAIN.format(root=root))
        (root / "etc" / "master.cf").write_text(_MASTER.format(port=port))
        (root / "etc" / "boxes").write_text(f"care@{DOMAIN} care/\nwarga@{DOMAIN} warga/\n")
        (root / "etc" / "gone").write_text(f"pindah@{DOMAIN} pindah@example.org\n")
        words = [binary, "-c", str(root / "etc")]
        running = await asyncio.create_subprocess_exec(*words, "start-fg", stdout=DEVNULL, stderr=DEVNULL)
        try:
            await _greets(port, running)
            yield Postfix(port, root / "boxes")
        finally:
            stopping = await asyncio.create_subprocess_exec(*words, "stop", stdout=DEVNULL, stderr=DEVNULL)
            await stopping.wait()
            await running.wait()


def _maildir(path: Path) -> None:
    """Of the user who delivers mails."""
    for folder in (path, path / "tmp", path / "new", path / "cur"):
        folder.mkdir()
        os.chown(folder, _MAIL, _MAIL)


async def _greets(port: int, running: asyncio.subprocess.Process, tries: int = 200) -> None:
    """A foreign program says nowhere that it listens: knock until it greets."""
    for _ in range(tries):
        if running.returncode is not None:
            raise RuntimeError(f"the peer ended with {running.returncode} before it listened")
        if await asyncio.to_thread(_greeted, port):
            return
        await asyncio.sleep(0.05)
    raise RuntimeError(f"nothing greets on port {port}")


def _greeted(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            return bool(line.recv(1))
    except OSError:
        return False
