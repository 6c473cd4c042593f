"""The wire between the desk and a peer, whatever they speak: it can be cut, mended, slowed and left silent."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.peers import free_port


class Line:
    """A TCP relay on loopback in front of 127.0.0.1:`target`. `port` stays the same over all its cuts."""

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self.target = target
        self._through = asyncio.Event()
        self._through.set()
        self._byte_by_byte = False
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def mend(self) -> None:
        """Connections pass, at full speed."""
        self._byte_by_byte = False
        self._through.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._call, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """Connections under way break, new ones are refused."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def silence(self) -> None:
        """Connections are taken and bytes swallowed; nothing ever answers."""
        self._through.clear()

    def crawl(self) -> None:
        """What the peer answers comes one byte a second."""
        self._byte_by_byte = True

    async def _call(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            await self._relay(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._talks.discard(task)
            writer.transport.abort()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Both ways until one side ends."""
        peer_reader, peer_writer = await asyncio.open_connection("127.0.0.1", self.target)
        ways = [
            asyncio.create_task(self._forth(reader, peer_writer)),
            asyncio.create_task(self._back(peer_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            peer_writer.transport.abort()

    async def _forth(self, reader: asyncio.StreamReader, peer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65_536):
            await self._through.wait()
            peer.write(piece)
            await peer.drain()

    async def _back(self, peer: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await peer.read(65_536):
            await self._through.wait()
            for part in self._parts(piece):
                writer.write(part)
                await writer.drain()
                if self._byte_by_byte:
                    await asyncio.sleep(1)

    def _parts(self, piece: bytes) -> list[bytes]:
        return [bytes([byte]) for byte in piece] if self._byte_by_byte else [piece]


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """An open line to the peer at this base URL, cut at the end."""
    line = Line(int(url.rpartition(":")[2]))
    await line.mend()
    try:
        yield line
    finally:
        with contextlib.suppress(OSError):
            await line.cut()
