"""What can be wrong around a desk: settings to write, a name server, a certificate."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from dns import flags, message, rrset

from tanggap import clock
from tanggap.diagnosis import Finding, Grade
from tanggap.doctor import diagnose

DAY = timedelta(days=1)
TOKEN = "110001:publik"


def rewrite(config: Path, **blocks: Any) -> None:
    """Blocks of config.yaml laid over those that are there."""
    values = yaml.safe_load(config.read_text(encoding="utf-8"))
    for name, block in blocks.items():
        values[name] = {**(values.get(name) or {}), **block}
    config.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")


class Names(asyncio.DatagramProtocol):
    """A name server for TXT records; one that is silent answers nothing."""

    def __init__(self, texts: Mapping[str, str], *, silent: bool = False) -> None:
        self._texts, self._silent = texts, silent

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._silent:
            return
        asked = message.from_wire(data)
        answer = message.make_response(asked)
        answer.flags |= flags.RA
        name = asked.question[0].name
        if text := self._texts.get(name.to_text(omit_final_dot=True)):
            answer.answer.append(rrset.from_text(name, 60, "IN", "TXT", f'"{text}"'))
        self._transport.sendto(answer.to_wire(), addr)


@asynccontextmanager
async def names(texts: Mapping[str, str], *, silent: bool = False) -> AsyncIterator[tuple[str, int]]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Names(texts, silent=silent), local_addr=("127.0.0.1", 0)
    )
    try:
        yield transport.get_extra_info("sockname")[:2]
    finally:
        transport.close()


@asynccontextmanager
async def secure(folder: Path, *, days: int) -> AsyncIterator[tuple[int, ssl.SSLContext]]:
    """A server whose certificate runs out in `days`; its port, and a context that trusts its maker."""
    path = certificate(folder, datetime.now(UTC) + days * DAY + timedelta(hours=1))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1], ssl.create_default_context(cafile=str(path))
    finally:
        server.close()
        await server.wait_closed()


def certificate(folder: Path, ends: datetime) -> Path:
    """Key and certificate of localhost in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ends - 90 * DAY)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem)
    )
    return path


async def examined(
    path: Path,
    *,
    now: Callable[[], datetime] = clock.now,
    nameservers: tuple[str, int] = ("127.0.0.1", 9),
    trust: ssl.SSLContext | None = None,
) -> dict[str, Finding]:
    """The gravest finding of each look."""
    found = await asyncio.to_thread(diagnose, path, os.environ, now, nameservers=nameservers, trust=trust)
    order = list(Grade)
    return {each.about: each for each in sorted(found, key=lambda each: order.index(each.grade))}


def is_trouble(finding: Finding, *words: str) -> bool:
    return finding.grade is Grade.TROUBLE and bool(finding.remedy) and all(w in finding.words for w in words)


def is_warning(finding: Finding, *words: str) -> bool:
    return finding.grade is Grade.WARNING and bool(finding.remedy) and all(w in finding.words for w in words)
