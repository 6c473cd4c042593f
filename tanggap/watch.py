"""What the watch over the desk is told by this machine: its disk, its channels' keys, and config.yaml's bounds."""

import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from desk import state
from desk.alerts import Telling
from desk.meter import Meter
from desk.state import Live
from sop.trouble import Bounds, Space
from store.db import Database
from tanggap.settings import Settings

SQLITE = "sqlite:///"
NOWHERE = Telling(zone="Asia/Jakarta", language="id", url="")


def live(
    settings: Settings,
    meter: Meter,
    channels: Mapping[str, object],
    clock: Callable[[], datetime],
    db: Database,
) -> Live:
    """How this process stands now."""
    refused = frozenset(name for name, each in channels.items() if getattr(each, "refused", False))
    return state.live_of(
        meter,
        refused,
        space(settings),
        clock(),
        nightly=settings.backup is not None,
        damaged=bool(db.damage),
        away={name: away for name, each in channels.items() if (away := getattr(each, "away", None))},
    )


def space(settings: Settings) -> Space | None:
    """The tightest disk of those that the desk writes to, backups too; None when none can be asked."""
    url = settings.store.url
    folders = [
        settings.store.files,
        *([Path(url.removeprefix(SQLITE)).parent] if url.startswith(SQLITE) else []),
        *([settings.backup.folder] if settings.backup else []),
    ]
    found = [each for folder in folders if (each := _space(folder))]
    return min(found, key=lambda each: each.share, default=None)


def _space(folder: Path) -> Space | None:
    for place in (folder, *folder.parents):
        try:
            usage = shutil.disk_usage(place)
        except FileNotFoundError:
            continue
        except OSError:
            return None
        return Space(free=usage.free, total=usage.total, place=str(folder))
    return None


def bounds(settings: Settings) -> Bounds:
    watch = settings.watch
    return Bounds(
        outbox=timedelta(minutes=watch.outbox_minutes),
        disk=watch.disk_percent / 100,
        backup=timedelta(hours=watch.backup_hours),
    )


def telling(settings: Settings) -> Telling:
    """`mail` leaves by the desk's own mail channel, where it has one."""
    return Telling(
        zone=settings.desk.timezone,
        language=settings.desk.language,
        url=settings.desk.public_url,
        mail=settings.watch.mail if "mail" in settings.channels else "",
    )
