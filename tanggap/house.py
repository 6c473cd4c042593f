"""The wiring: from settings to a desk with its channels, bots, pages and loops."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import Any

from console.app import build, closed
from console.oidc import SingleSignOn
from desk import doors, office_acts, provider_templates, targets
from desk.alerts import Telling
from desk.alone import Alone
from desk.delivery import Delivery, Sender
from desk.desk import Desk
from desk.erasing_night import Erasing
from desk.files import Files
from desk.lookout import Lookout
from desk.meter import Meter, pulse
from desk.push_feed import PushFeed
from desk.reception import Reception
from desk.upkeep import Fetcher, Fetching
from store import schema
from store.db import open_database
from tanggap import health, logs, metrics, process
from tanggap.clock import now as now
from tanggap.front import Front
from tanggap.loops import keep_running, ticker
from tanggap.maintenance import Gate
from tanggap.measuring import Measured
from tanggap.nightly import Nightly
from tanggap.settings import Settings
from tanggap.watch import NOWHERE, bounds, live, telling

Clock = Callable[[], datetime]


@dataclass
class House:
    """An open desk. `channels` holds channels and bots by name; `loops` says which of them run."""

    desk: Desk
    front: Front
    gate: Gate
    channels: dict[str, Any] = field(default_factory=dict)
    loops: dict[str, bool] = field(default_factory=dict)
    nightly: Nightly | None = None
    telling: Telling = NOWHERE

    async def run(self) -> None:
        """Do the desk's work until cancelled: one process at a time; another beside it serves pages and webhooks, and
        takes over when this one ends."""
        desk = self.desk
        alone = Alone(desk.db, desk.real, process.name(), gone=process.gone)
        desk.meter.leads = lambda: alone.held
        beside = (
            asyncio.create_task(keep_running("maintenance", self.gate.run)),
            asyncio.create_task(pulse(desk.meter)),
        )
        try:
            await alone.run(self._work)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _work(self) -> None:
        """Listen, deliver, fetch and sweep."""
        desk = self.desk
        delivery = Delivery(desk.db, desk.clock, name=process.name(), gone=process.gone, alone=True)
        senders: dict[str, Sender] = {
            name: Measured(name, each, desk.meter) for name, each in self.channels.items()
        }
        fetchers: dict[str, Fetcher] = {
            name: each for name, each in self.channels.items() if hasattr(each, "fetch")
        }
        scheduler = ticker(desk.db, desk.clock, self._fell)
        lookout = Lookout(desk.db, desk.clock, desk.meter, desk.live, self.telling, desk.bounds)
        scheduler.start()
        try:
            async with asyncio.TaskGroup() as group:
                start = partial(self._start, group)
                start("delivery", lambda: delivery.run(senders))
                if self.nightly:
                    start("backup", self.nightly.run)
                start("lookout", lookout.run)
                start("pushes", PushFeed(desk.db, desk.clock, targets.inspectors(self.channels)).run)
                start("files", lambda: Fetching(desk.db, desk.files, desk.clock).run(fetchers))
                start("erasing", Erasing(desk.db, desk.files, desk.clock, desk.zone).run)
                for name, each in self.channels.items():
                    if hasattr(each, "contents"):
                        pulling = provider_templates.Pulling(desk.db, desk.clock)
                        start(f"{name}.templates", partial(pulling.run, each))
                    if hasattr(each, "listen"):
                        start(name, each.listen)
        finally:
            scheduler.shutdown(wait=False)

    def _fell(self, name: str) -> None:
        self.desk.meter.fell(name, self.desk.clock())

    def _start(self, group: asyncio.TaskGroup, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self.loops[name] = True
        task = group.create_task(keep_running(name, work, self._fell), name=name)
        task.add_done_callback(lambda done: self.loops.pop(name) if done.cancelled() else None)


@asynccontextmanager
async def open_house(
    settings: Settings, *, clock: Clock = now, real: Clock = now, frames: bool = False
) -> AsyncIterator[House]:
    """Open store, channels and pages; nothing runs yet. Raises SchemaOlder, SchemaNewer and what a channel refuses."""
    async with AsyncExitStack() as stack:
        meter = Meter()
        db = await stack.enter_async_context(open_database(settings.store.url, measured=meter.committed))
        await schema.check(db)
        files = Files(settings.store.files)
        reception = Reception(db, files, clock, meter=meter, traced=logs.taken_in)
        channels: dict[str, Any] = {}
        desk = Desk(
            db=db,
            clock=clock,
            real=real,
            files=files,
            reception=reception,
            name=settings.desk.name,
            language=settings.desk.language,
            zone=settings.desk.timezone,
            public_url=settings.desk.public_url,
            secret=settings.desk.secret.get_secret_value(),
            secure=settings.desk.public_url.startswith("https://"),
            channels=tuple(settings.channels),
            opened=channels,
            meter=meter,
            live=partial(live, settings, meter, channels, clock, db),
            bounds=bounds(settings),
        )
        db.hold_to(schema.HEAD)
        pages = build(desk, frames=frames, sso=_sso(settings))
        gate = Gate(db, real, process.gone, closed(pages, desk, frames=frames))
        front = Front(pages, gate=gate)
        house = House(desk, front, gate, channels, telling=telling(settings))
        if settings.backup:
            house.nightly = Nightly(settings, settings.backup, db, real)
        front.add(health.routes(db, house.loops))
        front.add(metrics.routes(desk, settings.server.metrics_token))
        for name, block in settings.channels.items():
            if templates := getattr(block, "templates", None):
                await db.write(provider_templates.seed, templates, clock())
            house.channels[name] = await stack.enter_async_context(_channel(name, block, desk))
        await db.write(doors.forget_others, frozenset(settings.channels))
        await _bots(stack, settings, house)
        for each in house.channels.values():
            if hasattr(each, "routes"):
                front.add(each.routes())
        yield house


def _sso(settings: Settings) -> SingleSignOn | None:
    """The identity provider of config.yaml, if there is one."""
    block = settings.identity.oidc
    if block is None:
        return None
    return SingleSignOn(
        issuer=block.issuer,
        client_id=block.client_id,
        client_secret=block.client_secret.get_secret_value(),
        mail_domain=block.mail_domain,
    )


def _channel(name: str, block: Any, desk: Desk) -> Any:
    """A new channel is `channels/NAME.py` and its block in config.yaml."""
    return import_module(f"channels.{name}").open_channel(
        block,
        desk.reception,
        clock=desk.clock,
        public_url=desk.public_url,
        files_root=desk.files.root,
        secret=desk.secret,
    )


async def _bots(stack: AsyncExitStack, settings: Settings, house: House) -> None:
    staff = settings.bots.staff
    await house.desk.db.write(office_acts.set_group, str(staff.group or "") if staff else "")
    if staff:
        opened = import_module("bots.staff").open_bot(staff, house.desk)
        house.channels["staff"] = await stack.enter_async_context(opened)
    if humas := settings.bots.humas:
        opened = import_module("bots.humas").open_bot(humas, house.desk)
        house.channels["humas"] = await stack.enter_async_context(opened)
