"""The demo: a desk whose providers are simulators on the same port, and a page on which the visitor plays both sides."""

import asyncio
import hashlib
import hmac
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from importlib import import_module

from starlette.requests import Request

from console.assets import Assets
from console.session import cookie
from console.signin import sign_in_as
from demo import page
from demo.live import Live
from demo.mailbox import Mailbox
from demo.stage import Reporter, Stage
from demo.telegram import Telegram
from demo.twilio import Twilio
from desk import staff, sweep
from desk.desk import Desk
from store.schema import HEAD
from tanggap.commands.migrate import run as migrate
from tanggap.demo_clock import DemoClock, beginning, moved
from tanggap.demo_folder import Folder
from tanggap.demo_officers import OFFICERS
from tanggap.demo_settings import (
    ACCOUNT,
    AUTHSERV,
    HOST,
    HUMAS_BOT,
    MAIL,
    OFFICE,
    PASSWORD,
    PUBLIC_BOT,
    SENDER,
    STAFF_BOT,
    TELEGRAM,
    TWILIO,
    demo_settings,
)
from tanggap.front import App, Receive, Scope, Send
from tanggap.house import House, now, open_house
from tanggap.language import _
from tanggap.serving import libraries_later, open_soon, serve
from tanggap.settings import Settings

__all__ = ["LOGINS", "PASSWORD", "run_demo"]

LOGINS = {"sari": "Sari, Narahubung", "budi": "Budi, Narahubung", "lestari": "Lestari, Penyelia"}
DEWI = Reporter("Dewi", 7_001, "whatsapp:+6281200004471", "dewi@mhs.contoh.ac.id")
SIMULATORS = "tiruan"
GRACE = 1  # seconds: what is open when a demo stops is its own visitor's page


async def run_demo(
    folder: Folder, port: int, *, say: Callable[[str], None], ready: Callable[[], None]
) -> None:
    """Serve until a signal comes; a new folder gets its past first. Raises OSError when the port is taken."""
    check_port(port)
    clock = DemoClock(now, timedelta(seconds=folder.offset), lambda offset: folder.keep(offset=offset))
    async with AsyncExitStack() as stack:
        stage = await _stage(stack, folder, clock, port)
        settings = _settings(folder, stage, port)
        if not folder.built:
            await _build(folder, stage, settings, clock, say)
            settings = _settings(folder, stage, port)
        await upgrade(folder, settings, say)
        gate = stack.enter_context(libraries_later())
        house = await stack.enter_async_context(open_house(settings, clock=clock, frames=True))
        live, loading = await _mount(stack, house, stage, clock, folder.secret)

        def leave() -> None:
            for name in ("uvicorn.error", "telegram"):  # connections that end with the demo are no trouble
                logging.getLogger(name).setLevel(logging.CRITICAL)
            live.close()

        def welcome() -> None:
            loading.set()
            open_soon(gate)
            ready()

        await serve(house, host=HOST, port=port, ready=welcome, leaving=leave, grace=GRACE)


def check_port(port: int) -> None:
    """Before anything is built. Raises OSError with words of what to do."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            words = _("Porta {port} sedang dipakai. Pilih yang lain dengan: --port NOMOR", port=port)
            raise OSError(error.errno, words) from None


async def _stage(stack: AsyncExitStack, folder: Folder, clock: DemoClock, port: int) -> Stage:
    """The simulators, with the memory of the last time; Telegram's library comes later."""
    home, base = folder.path / SIMULATORS, f"http://{HOST}:{port}"
    home.mkdir(exist_ok=True)
    telegram = Telegram(home, clock)
    twilio = Twilio(
        home,
        clock,
        account_sid=ACCOUNT,
        auth_token=folder.secret,
        sender=SENDER,
        public_url=base,
        target=base,
        progress=("sent", "delivered", "read"),
    )
    twilio.api_url = base + TWILIO
    mailbox = Mailbox(home, clock, address=MAIL, authserv_id=AUTHSERV)
    await stack.enter_async_context(twilio)
    await stack.enter_async_context(mailbox)
    stage = Stage(
        telegram=telegram,
        twilio=twilio,
        mailbox=mailbox,
        public_bot=PUBLIC_BOT,
        staff_bot=STAFF_BOT,
        humas_bot=HUMAS_BOT,
        office=OFFICE,
        reporter=DEWI,
        officers=OFFICERS,
        clock=clock,
    )
    stage.set_up()
    return stage


def _settings(folder: Folder, stage: Stage, port: int) -> Settings:
    templates = {
        content["friendly_name"]: content["sid"] for content in stage.twilio.account.memory.all("content")
    }
    return demo_settings(
        folder.path,
        port=port,
        smtp=stage.mailbox.smtp_url,
        maildir=stage.mailbox.maildir_url,
        secret=folder.secret,
        templates=templates,
    )


async def _build(
    folder: Folder, stage: Stage, settings: Settings, clock: DemoClock, say: Callable[[str], None]
) -> None:
    """The database, the office and its past few days."""
    say(_("Menyiapkan peragaan di {folder}", folder=str(folder.path)))
    settings.store.files.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(migrate, settings.store.url)
    say(_("  basis data siap"))
    maker = import_module("tanggap.demo_past")  # only a first start pays for it
    await maker.build_past(stage, settings, clock, beginning(now()), say)
    folder.keep(built=True, schema=HEAD)


async def upgrade(folder: Folder, settings: Settings, say: Callable[[str], None]) -> None:
    """What an older version made goes on with this one."""
    if folder.schema < HEAD:
        say(_("Memperbarui basis data peragaan ..."))
        await asyncio.to_thread(migrate, settings.store.url)
        folder.keep(schema=HEAD)


async def _mount(
    stack: AsyncExitStack, house: House, stage: Stage, clock: DemoClock, secret: str
) -> tuple[Live, asyncio.Event]:
    """Simulators and page beside the console, on its port. Answers what wakes the loading of Telegram's library."""
    wake, ready = asyncio.Event(), asyncio.Event()
    token = hmac.new(secret.encode(), b"peragaan", hashlib.sha256).hexdigest()[:40]
    wiring = page.Wiring(_mover(house.desk, clock), _doorman(house.desk), Assets().urls, token)
    app, live = page.build(stage, wiring, ready)
    house.front.add(
        [
            ("/peragaan", app),
            ("/peragaan/", app),
            (f"{TELEGRAM}/", under(TELEGRAM, stage.telegram.app)),
            (f"{TWILIO}/", under(TWILIO, stage.twilio.app)),
        ]
    )
    await stack.enter_async_context(live)
    await stack.enter_async_context(_telegram(stage.telegram, wake, ready, live))
    return live, wake


@asynccontextmanager
async def _telegram(
    telegram: Telegram, wake: asyncio.Event, ready: asyncio.Event, live: Live
) -> AsyncIterator[None]:
    """The Telegram simulator in a task of its own: its library takes seconds, and the page must not wait."""
    over = asyncio.Event()

    async def run() -> None:
        await wake.wait()
        async with telegram:
            ready.set()
            live.tell()
            await over.wait()

    task = asyncio.create_task(run())
    try:
        yield
    finally:
        over.set()
        if not wake.is_set():
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def under(prefix: str, app: App) -> App:
    """The application at a path of its own. The server's own `send` goes through: a fault may cut its connection."""

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "root_path": scope.get("root_path", "") + prefix}, receive, send)

    return mounted


def _mover(desk: Desk, clock: DemoClock) -> Callable[[str], Awaitable[None]]:
    async def move_clock(name: str) -> None:
        """The time goes on, and what has become due is done at once."""
        clock.run_from(moved(name, clock()))
        await sweep.once(desk.db, clock())

    return move_clock


def _doorman(desk: Desk) -> page.SignIn:
    async def open_door(request: Request, login: str) -> page.Signed:
        """A new session; none when that officer, or for "" anybody, has one already."""
        token = request.cookies.get(cookie(desk), "")
        found = await desk.db.read(staff.session_of, token, desk.real(), desk.clock()) if token else None
        if found and login in ("", found[1].login):
            return page.Signed(found[1].login)
        if found:
            await desk.db.write(staff.sign_out, token)
        login = login or OFFICERS[0].login
        response = await sign_in_as(desk, login)
        return page.Signed(login, [value for name, value in response.headers.items() if name == "set-cookie"])

    return open_door
