"""The unit by which systemd runs a desk: a user of its own, nothing writable but its data, started again when it falls."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, SecretStr

from tanggap.settings import Settings

NAME = "tanggap.service"
USER = "tanggap"
BACKUPS = Path("/var/backups/tanggap")
HIDDEN = (Path("/home"), Path("/root"), Path("/run/user"), Path("/tmp"), Path("/var/tmp"))
SQLITE, MAILDIR = "sqlite:///", "maildir:"

UNIT = """\
# Ditulis oleh: tanggap init {plain} --systemd
# Pasang dengan: sudo cp {name} /etc/systemd/system/ && sudo systemctl daemon-reload && sudo systemctl enable --now tanggap
[Unit]
Description=Meja layanan {plain}
After=network-online.target time-sync.target postgresql.service
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
User={user}
Group={user}
WorkingDirectory={directory}
ExecStart={start}
Restart=on-failure
RestartSec=5
TimeoutStopSec=30
WatchdogSec=60
UMask=0077
LimitNOFILE=8192
Environment=PYTHONDONTWRITEBYTECODE=1 XDG_CACHE_HOME=/var/cache/tanggap
CacheDirectory=tanggap

# Yang boleh ditulis hanya ini; tanda "-" berarti boleh belum ada.
ProtectSystem=strict
ReadWritePaths={writable}
ProtectHome=true
PrivateTmp=true
PrivateDevices=true
ProtectProc=invisible
ProtectClock=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
ProtectControlGroups=true
NoNewPrivileges=true
CapabilityBoundingSet=
AmbientCapabilities=
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
RemoveIPC=true
LockPersonality=true
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def unit(settings: Settings, program: Path, user: str = USER) -> str:
    """The text of the unit. `program` is the `tanggap` to run."""
    config = (settings.folder / settings.file).resolve()
    words = (program, "serve", "--config", config)
    return UNIT.format(
        name=NAME,
        plain=_percent(str(config.parent)),
        user=user,
        directory=_percent(str(config.parent)),
        start=" ".join(_quoted(str(word)).replace("$", "$$") for word in words),
        writable=" ".join(_quoted(f"-{path}") for path in writable(settings)),
    )


def program() -> Path:
    """The `tanggap` of this environment, by the name under which it was installed."""
    return Path(sys.executable).parent / "tanggap"


def writable(settings: Settings) -> list[Path]:
    """Every folder that a desk on these settings writes to, each once, none within another."""
    found = {path.resolve() for path in _written(settings)}
    return sorted(path for path in found if not found & set(path.parents))


def hidden(paths: Iterable[Path]) -> list[Path]:
    """Those that the unit's own walls keep from the desk: nobody's home or /tmp is seen from within."""
    return [path for path in paths if any(path.is_relative_to(wall) for wall in HIDDEN)]


def _written(settings: Settings) -> Iterator[Path]:
    if settings.store.url.startswith(SQLITE):
        yield Path(settings.store.url.removeprefix(SQLITE)).parent
    yield settings.store.files
    yield settings.backup.folder if settings.backup else BACKUPS
    for block in settings.channels.values():
        yield from _maildirs(block)


def _maildirs(block: BaseModel) -> Iterator[Path]:
    for value in block.model_dump().values():
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str) and text.startswith(MAILDIR):
            yield Path(text.removeprefix(MAILDIR))


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    """A word as systemd reads it; quotes only where the word needs them."""
    plain = _percent(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"' if set(text) & set(" \t'\"\\;") else plain
