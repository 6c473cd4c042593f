"""`/metrics` in Prometheus' form: counts of this process, and how the desk stands by one query of the moment."""

import asyncio
from collections.abc import Iterator, Mapping
from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING

from pydantic import SecretStr

from desk import state
from desk.desk import Desk
from desk.meter import Histogram, Meter
from desk.state import Live
from sop.errors import Unavailable
from store.state import Standing
from tanggap.front import App, Receive, Scope, Send

if TYPE_CHECKING:
    from prometheus_client import Metric

FORWARDED = frozenset(
    {b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"}
)
HERE = frozenset({b"127.0.0.1", b"localhost", b"[::1]"})


def routes(desk: Desk, token: SecretStr | None) -> tuple[tuple[str, App], ...]:
    """Open to this machine itself, and to whoever shows the token; to everybody else there is no such page."""
    secret = token.get_secret_value().encode() if token else b""

    async def metrics(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") not in ("GET", "HEAD") or not admitted(scope, secret):
            return await _answer(send, 404, b"", b"text/plain")
        try:
            standing = await desk.db.read(state.standing, desk.clock())
        except Unavailable:
            standing = None
        form, body = await asyncio.to_thread(exposed, desk.meter, standing, desk.live(), desk)
        return await _answer(send, 200, body, form.encode())

    return (("/metrics", metrics),)


def admitted(scope: Scope, secret: bytes) -> bool:
    """The token; or, where none is set, a caller on this machine whom no proxy stands before."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if secret:
        shown = headers.get(b"authorization", b"").removeprefix(b"Bearer ")
        return compare_digest(shown, secret)
    if FORWARDED & headers.keys() or scope.get("http_version") == "1.0":
        return False  # a proxy, also one that was told to say nothing of it: it speaks HTTP/1.0
    host = headers.get(b"host", b"").rpartition(b":")
    name = host[0] if host[1] and host[2].isdigit() else headers.get(b"host", b"")
    return name in HERE and _loopback(scope)


def _loopback(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ip_address(client[0]).is_loopback
    except ValueError:
        return False


def exposed(meter: Meter, standing: Standing | None, live: Live, desk: Desk) -> tuple[str, bytes]:
    """(content type, body). The library is loaded by the first question."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

    class Asked:
        def collect(self) -> Iterator["Metric"]:
            yield from _of_process(meter)
            yield from _of_machine(meter, live)
            if standing is not None:
                yield from _of_store(standing, desk)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Asked())
    return CONTENT_TYPE_PLAIN_0_0_4, generate_latest(registry)


def _of_process(meter: Meter) -> Iterator["Metric"]:
    from prometheus_client.core import CounterMetricFamily

    intake = CounterMetricFamily(
        "tanggap_intake", "Messages that came to this process.", labels=("channel", "outcome")
    )
    for (channel, outcome), count in sorted(meter.intake.items()):
        intake.add_metric((channel, outcome), count)
    yield intake
    sent = CounterMetricFamily(
        "tanggap_sends", "Attempts to send, by what the provider said.", labels=("channel", "outcome")
    )
    for (channel, outcome), count in sorted(meter.sent.items()):
        sent.add_metric((channel, outcome), count)
    yield sent
    falls = CounterMetricFamily(
        "tanggap_loop_falls", "Loops that fell over and began again.", labels=("loop",)
    )
    for name, count in sorted(meter.falls.items()):
        falls.add_metric((name,), count)
    yield falls
    yield _histogram("tanggap_commit_seconds", "Until a group of acts was on disk.", meter.commits)
    yield _histogram("tanggap_commit_group_acts", "Acts that went to disk together.", meter.groups)
    yield _histogram("tanggap_loop_lag_seconds", "How late the event loop came.", meter.lag)


def _of_machine(meter: Meter, live: Live) -> Iterator["Metric"]:
    from prometheus_client.core import GaugeMetricFamily

    yield GaugeMetricFamily("tanggap_leads", "1: this process does the desk's work.", value=meter.leads())
    refused = GaugeMetricFamily(
        "tanggap_secret_refused", "1: the provider does not take our secret.", labels=("channel",)
    )
    for name in sorted(live.refused):
        refused.add_metric((name,), 1)
    yield refused
    if live.space:
        yield GaugeMetricFamily("tanggap_disk_free_bytes", "Free on the desk's disk.", value=live.space.free)
        yield GaugeMetricFamily("tanggap_disk_bytes", "Of the desk's disk.", value=live.space.total)


def _of_store(standing: Standing, desk: Desk) -> Iterator["Metric"]:
    from prometheus_client.core import GaugeMetricFamily

    now = desk.clock()
    labels = ("channel", "state")
    rows = GaugeMetricFamily(
        "tanggap_outbox_messages", "Rows of the outbox that wait or died.", labels=labels
    )
    ages = GaugeMetricFamily("tanggap_outbox_oldest_seconds", "Age of the oldest of them.", labels=labels)
    for key, heap in sorted({**standing.outbox, **standing.dead}.items()):
        rows.add_metric(key, heap.n)
        ages.add_metric(key, max(0.0, (now - heap.oldest_at).total_seconds()) if heap.oldest_at else 0.0)
    yield rows
    yield ages
    told: Mapping[str, tuple[str, float]] = {
        "tanggap_steps_due": ("Open steps that are due within the hour.", standing.due.n),
        "tanggap_steps_breached": ("Open steps past their limit, at most 10000.", standing.breached.n),
        "tanggap_parked_messages": ("Messages that could not be taken in.", standing.parked.n),
        "tanggap_files_waiting": ("Attachments that are still with their provider.", standing.files),
        "tanggap_events": ("Number of the newest event of the chain.", standing.event),
        "tanggap_alerts": ("Troubles that last.", len(standing.alerts)),
    }
    for name, (help_line, value) in told.items():
        yield GaugeMetricFamily(name, help_line, value=value)
    leases = GaugeMetricFamily(
        "tanggap_lease_seconds", "Until it runs out, by who holds it.", labels=("lease", "owner")
    )
    for name, (owner, until) in sorted(standing.leases.items()):
        leases.add_metric((name, owner), (until - desk.real()).total_seconds())
    yield leases


def _histogram(name: str, help_line: str, found: Histogram) -> "Metric":
    from prometheus_client.core import HistogramMetricFamily

    total, buckets = 0, []
    for bound, count in zip((*map(str, found.bounds), "+Inf"), found.counts, strict=True):
        total += count
        buckets.append((bound, float(total)))
    family = HistogramMetricFamily(name, help_line)
    family.add_metric((), buckets, found.total)
    return family


async def _answer(send: Send, status: int, body: bytes, form: bytes) -> None:
    headers = [
        (b"content-type", form),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
