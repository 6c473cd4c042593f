"""`tanggap serve`: the desk on this machine, until it is stopped."""

import asyncio
import os
from contextlib import AsyncExitStack
from typing import Annotated

import typer

from tanggap.light import settled  # isort: skip  # first: see there
from tanggap.commands.options import CONFIG, Config
from tanggap.house import open_house
from tanggap.language import _
from tanggap.logs import configure, form_of
from tanggap.opened import plainly
from tanggap.port import try_port
from tanggap.serving import libraries_later, open_soon
from tanggap.serving import serve as serving
from tanggap.settings import Settings, read_settings
from tanggap.supervisor import named_in

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    config: Config = CONFIG,
    host: Annotated[str, typer.Option(help=_("Alamat; bawaan dari config.yaml."))] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help=_("Porta; bawaan dari config.yaml."))] = 0,
    json: Annotated[
        bool, typer.Option("--json", help=_("Catatan sebagai JSON, satu baris satu kejadian."))
    ] = False,
) -> None:
    settings = read_settings(config, os.environ)
    configure("json" if json else form_of(settings.server.logs))
    asyncio.run(_serve(settings, host or settings.server.host, port or settings.server.port))


async def _serve(settings: Settings, host: str, port: int) -> None:
    try_port(host, port)
    proxies = [str(network) for network in settings.server.trusted_proxies]
    with libraries_later() as gate:

        def ready() -> None:
            settled()
            open_soon(gate)
            typer.echo(_("Meja siap di {address}", address=f"http://{host}:{port}"))

        async with AsyncExitStack() as stack:
            with plainly():
                house = await stack.enter_async_context(open_house(settings))
            await serving(
                house,
                host=host,
                port=port,
                trusted_proxies=proxies,
                ready=ready,
                supervisor=named_in(os.environ),
            )
