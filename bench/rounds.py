"""Cases in turn, round after round, so that whatever else the machine does strikes all alike; medians are compared."""

import os
import platform
import sqlite3
import statistics
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """What one case did in one round. `cpu` is µs of the serving process an operation, None where it has no sense."""

    rate: float
    cpu: float | None = None
    p50: float | None = None  # ms
    p99: float | None = None  # ms


Case = Callable[[], Measured]


@dataclass
class Result:
    rounds: dict[str, list[Measured]] = field(default_factory=dict)

    def median(self, name: str, what: str = "rate") -> float | None:
        values = [value for each in self.rounds.get(name, ()) if (value := getattr(each, what)) is not None]
        return statistics.median(values) if values else None

    def ratio(self, name: str, base: str, what: str = "rate") -> float | None:
        """Median of the ratios within each round: both stood under the same load."""
        pairs = zip(self.rounds.get(name, ()), self.rounds.get(base, ()), strict=False)
        values = [
            getattr(one, what) / getattr(other, what)
            for one, other in pairs
            if getattr(one, what) and getattr(other, what)
        ]
        return statistics.median(values) if values else None


def interleave(cases: Mapping[str, Case], rounds: int) -> Result:
    """Every round runs every case once and begins with another one. A case that fails is named and left out."""
    names, result, dead = list(cases), Result(), set[str]()
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            if name in dead:
                continue
            try:
                result.rounds.setdefault(name, []).append(cases[name]())
            except Exception:
                traceback.print_exc()
                dead.add(name)
        sys.stderr.write(f"round {number + 1} of {rounds}\n")
    return result


def table(result: Result, title: str, base: str, unit: str = "per second") -> str:
    """Markdown: medians, range, CPU and the ratio to `base`."""
    lines = [
        f"\n### {title}\n",
        f"| case | {unit} | range | µs CPU each | p50 ms | p99 ms | rate x base | CPU x base |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, measured in result.rounds.items():
        rates = [each.rate for each in measured]
        cells = (
            f"**{name}**" if name == base else name,
            f"{result.median(name) or 0:,.0f}",
            f"{min(rates):,.0f} to {max(rates):,.0f}",
            _shown(result.median(name, "cpu"), ".0f"),
            _shown(result.median(name, "p50"), ".2f"),
            _shown(result.median(name, "p99"), ".2f"),
            _shown(result.ratio(name, base), ".2f"),
            _shown(result.ratio(name, base, "cpu"), ".2f"),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _shown(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def machine() -> str:
    """What it was measured on, in one line."""
    info = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in _lines(info) if line.startswith("model name")]
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores; {platform.system()} "
        f"{platform.release().partition('-')[0]}; Python {platform.python_version()}; SQLite {sqlite3.sqlite_version}; "
        f"load before: {load}"
    )


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
