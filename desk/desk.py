"""What every face (page, bot, command line) is handed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from desk.files import Files
from desk.meter import Meter
from desk.reception import Reception
from desk.state import Live
from sop.language import Language
from sop.trouble import Bounds
from store.db import Database


@dataclass(frozen=True, slots=True)
class Desk:
    """`clock` is the desk's time (movable in the demo), `real` the machine's: sessions and login limits follow that one."""

    db: Database
    clock: Callable[[], datetime]
    real: Callable[[], datetime]
    files: Files
    reception: Reception
    name: str
    language: Language
    zone: str
    public_url: str
    secret: str
    secure: bool  # cookies only over https
    channels: tuple[str, ...] = ("web", "counter")  # what config.yaml has live
    opened: Mapping[str, object] = field(
        default_factory=dict
    )  # the open channels; `desk.redecoding` asks them
    meter: Meter = field(default_factory=Meter)
    live: Callable[[], Live] = Live  # how this process and its disk stand
    bounds: Bounds = field(default_factory=Bounds)
