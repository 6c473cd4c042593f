"""The port that a desk is to answer on, tried before anything is opened, so that its owner hears in words what is wrong."""

import errno
import socket

from sop.errors import N_, DeskError


class PortTaken(DeskError):
    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            N_(
                "Porta {port} di {host} sedang dipakai program lain, barangkali meja ini sudah berjalan. Lihat dengan: "
                "ss -ltnp 'sport = :{port}'; hentikan program itu, atau pilih porta lain di server.port atau --port."
            ),
            host=host,
            port=port,
        )


class PortReserved(DeskError):
    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            N_(
                "Porta {port} di {host} hanya boleh dibuka root. Pakai porta di atas 1023, misalnya 8080, dengan reverse "
                "proxy di depannya (docs/proxy.md)."
            ),
            host=host,
            port=port,
        )


class NotOurAddress(DeskError):
    def __init__(self, host: str) -> None:
        super().__init__(
            N_("Alamat {host} bukan alamat mesin ini; isi server.host dengan 127.0.0.1 atau 0.0.0.0."),
            host=host,
        )


def try_port(host: str, port: int) -> None:
    """Raises PortTaken, PortReserved, NotOurAddress, and OSError for what else the system refuses."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise NotOurAddress(host) from None
    for family, kind, protocol, _name, address in found:
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            _bind(tried, address, host, port)


def _bind(tried: socket.socket, address: object, host: str, port: int) -> None:
    try:
        tried.bind(address)  # type: ignore[arg-type]  # as getaddrinfo gives it
    except OSError as error:
        match error.errno:
            case errno.EADDRINUSE:
                raise PortTaken(host, port) from None
            case errno.EACCES:
                raise PortReserved(host, port) from None
            case errno.EADDRNOTAVAIL:
                raise NotOurAddress(host) from None
        raise
