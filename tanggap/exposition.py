"""What `/metrics` says, in Prometheus' form. Loaded with its library by the first who asks."""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from desk.desk import Desk
from desk.meter import Histogram, Meter
from desk.state import Live
from store.state import Standing


def exposed(meter: Meter, standing: Standing | None, live: Live, desk: Desk) -> tuple[str, bytes]:
    """(content type, body)."""

    class Asked:
        def collect(self) -> Iterator[Metric]:
            yield from _of_process(meter)
            yield from _of_machine(meter, live)
            if standing is not None:
                yield from _of_store(standing, desk)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Asked())
    return CONTENT_TYPE_PLAIN_0_0_4, generate_latest(registry)


def _of_process(meter: Meter) -> Iterator[Metric]:
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


def _of_machine(meter: Meter, live: Live) -> Iterator[Metric]:
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


def _of_store(standing: Standing, desk: Desk) -> Iterator[Metric]:
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


def _histogram(name: str, help_line: str, found: Histogram) -> Metric:
    total, buckets = 0, []
    for bound, count in zip((*map(str, found.bounds), "+Inf"), found.counts, strict=True):
        total += count
        buckets.append((bound, float(total)))
    family = HistogramMetricFamily(name, help_line)
    family.add_metric((), buckets, found.total)
    return family
