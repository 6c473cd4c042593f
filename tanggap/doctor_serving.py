"""Does the desk serve at all? Asked at its own port, as a monitor would."""

from collections.abc import Sequence
from typing import Any

import httpx2

from tanggap.diagnosis import Finding, Patient, trouble, warning, well
from tanggap.language import _
from tanggap.supervisor import EVERYWHERE

TIMEOUT = 5.0  # seconds
START, LOOK = "sudo systemctl start tanggap", "journalctl -u tanggap -n 50"


async def serving(patient: Patient) -> Sequence[Finding]:
    """A desk that is not started may be meant so; one that answers and is not ready has a trouble."""
    server = patient.settings.server
    host = EVERYWHERE.get(server.host, server.host)
    place = f"[{host}]:{server.port}" if ":" in host else f"{host}:{server.port}"
    try:
        async with httpx2.AsyncClient(timeout=TIMEOUT) as client:
            answer = await client.get(f"http://{place}/readyz")
    except httpx2.ConnectError:
        return [warning("serving", _("meja tidak berjalan di {place}", place=place), START)]
    except httpx2.HTTPError:
        words = _("meja di {place} tidak menjawab dalam {seconds} detik", place=place, seconds=round(TIMEOUT))
        return [trouble("serving", words, "sudo systemctl restart tanggap")]
    return [_said(place, server.port, answer)]


def _said(place: str, port: int, answer: httpx2.Response) -> Finding:
    said: Any = None
    if answer.headers.get("content-type") == "application/json":
        said = answer.json()
    if not isinstance(said, dict) or not isinstance(said.get("loops"), dict):
        words = _("yang menjawab di {place} bukan meja ini", place=place)
        return warning("serving", words, f"ss -ltnp 'sport = :{port}'")
    if answer.status_code == httpx2.codes.OK:
        return well("serving", _("meja menjawab dan siap di {place}", place=place))
    stopped = [name for name, runs in said["loops"].items() if not runs]
    what = ", ".join(stopped) if said.get("store") else _("simpanan")
    return trouble("serving", _("meja berjalan tetapi belum siap: {what}", what=what), LOOK)
