"""A procedure file's YAML as a tree that remembers its lines, and the faults found in it.

Nothing is built from the text before its events were counted: no anchors, no depth, no size can hurt.
"""

from collections.abc import Callable, Mapping
from typing import Any

import yaml
from msgspec import Struct

from sop.errors import N_, DeskError

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times as quick
LONGEST = 60_000  # characters; the longest of our own has a tenth of that
DEEPEST = 12  # nested lists and mappings

SLIPS = {
    "mapping values are not allowed here": N_("ada titik dua lagi di tengah nilai"),
    "could not find expected ':'": N_("titik dua sesudah kunci tidak ada"),
    "found character '\\t' that cannot start any token": N_("ada tab"),
    "expected <block end>, but found '<block mapping start>'": N_("inden tidak sejajar"),
    "expected <block end>, but found '-'": N_("inden daftar tidak sejajar"),
    "found unexpected end of stream": N_("tanda petik tidak ditutup"),
}
"""The parser's words for the slips that clerks make, in ours."""


class Fault(Struct, frozen=True, kw_only=True):
    """One mistake: the line (from 1) it stands on, what is wrong, what to do. The texts hold `params` as `{name}`."""

    line: int
    problem: str
    advice: str
    params: Mapping[str, Any] = {}

    @property
    def what(self) -> str:
        return self.problem.format_map(self.params)

    @property
    def remedy(self) -> str:
        return self.advice.format_map(self.params)

    def __str__(self) -> str:
        return f"{self.line}: {self.what} {self.remedy}"


class ProcedureFaulty(DeskError):
    """The file is refused whole. `faults` are all mistakes found, by line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            N_("Berkas SOP tidak dapat dipakai, {count} kesalahan. {list}"),
            count=len(faults),
            list="\n".join(f"Baris {fault}" for fault in faults),
        )
        self.faults = faults


class Entry(Struct, frozen=True):
    """A value with its line: text, a list, or a mapping. An empty value is "" ."""

    line: int
    value: "str | tuple[Entry, ...] | dict[str, Entry]"


Report = Callable[[Fault], None]


def tree(text: str, report: Report, longest: int = LONGEST) -> Entry | None:
    """The file as entries, or None when it is not one YAML mapping. Duplicate keys are reported, the first one counts."""
    if len(text) > longest:
        report(
            Fault(
                line=1,
                problem=N_("Berkas terlalu besar: {length} karakter."),
                advice=N_("Paling banyak {longest} karakter; satu berkas untuk satu SOP."),
                params={"length": len(text), "longest": longest},
            )
        )
        return None
    try:
        if not _is_harmless(text, report):
            return None
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        report(_not_yaml(_said_by_python(text) or error))
        return None
    if not isinstance(node, yaml.MappingNode):
        report(
            Fault(
                line=1,
                problem=N_("Berkas tidak berisi kunci dan nilai."),
                advice=N_("Mulailah dengan “sop: nama-singkat”, lalu judul, nomor, lanes, dan steps."),
            )
        )
        return None
    return _entry(node, report)


def _is_harmless(text: str, report: Report) -> bool:
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        anchored = isinstance(event, yaml.NodeEvent) and event.anchor is not None
        if anchored or depth > DEEPEST:
            report(_bomb(_line(event), anchored))
            return False
    return True


def _said_by_python(text: str) -> yaml.YAMLError | None:
    """The same slip as Python's own parser words it, which `SLIPS` knows."""
    try:
        yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return error
    return None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _bomb(line: int, anchored: bool) -> Fault:
    if anchored:
        return Fault(
            line=line,
            problem=N_("Rujukan YAML (tanda & atau *) tidak diterima, karena dapat meledakkan isinya."),
            advice=N_("Tulis isinya lagi di tempat ini; beri tanda petik bila & atau * bagian dari teks."),
        )
    return Fault(
        line=line,
        problem=N_("Susunan bertingkat terlalu dalam."),
        advice=N_("Sebuah SOP memerlukan paling banyak {deepest} tingkat; periksa kurung dan inden."),
        params={"deepest": DEEPEST},
    )


def _not_yaml(error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    detail = str(getattr(error, "problem", None) or error).splitlines()[0]
    return Fault(
        line=mark.line + 1 if mark else 1,
        problem=N_("Bukan YAML: {detail}."),
        advice=N_("Periksa inden (spasi, bukan tab), titik dua dengan spasi sesudahnya, dan tanda petik."),
        params={"detail": SLIPS.get(detail, detail)},
    )


def _entry(node: yaml.Node, report: Report, line: int | None = None) -> Entry:
    at = line or node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        empty = node.tag == "tag:yaml.org,2002:null"
        return Entry(at, "" if empty else node.value.strip())
    if isinstance(node, yaml.SequenceNode):
        return Entry(at, tuple(_entry(each, report) for each in node.value))
    found: dict[str, Entry] = {}
    for key, value in node.value:
        here = key.start_mark.line + 1
        name = key.value.strip() if isinstance(key, yaml.ScalarNode) else "?"
        if name in found:
            report(
                Fault(
                    line=here,
                    problem=N_("Kunci “{key}” ditulis dua kali (pertama pada baris {first})."),
                    advice=N_("Hapus salah satu."),
                    params={"key": name, "first": found[name].line},
                )
            )
            continue
        found[name] = _entry(value, report, here)
    return Entry(at, found)
