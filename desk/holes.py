"""What a reply template may say: words, and holes by name. Its faults are told by line and column."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sop.errors import N_, DeskError

LONGEST = 8_000  # characters of a template's body
HOLES: Mapping[str, str] = {
    "nama": N_("nama pelapor"),
    "nomor": N_("nomor tiket"),
    "pokok": N_("pokok laporan"),
    "unit": N_("nama unit"),
    "petugas": N_("nama petugas yang menjawab"),
    "jabatan": N_("jabatan petugas"),
    "keadaan": N_("keadaan laporan dalam kata-kata"),
    "tenggat": N_("tenggat langkah sekarang"),
    "hari_ini": N_("tanggal hari ini"),
    "kantor": N_("nama kantor"),
}
EXAMPLE = "{{ nama }}"
ONLY = N_("hanya isian seperti {example} yang diperbolehkan")
COMMAND = N_("perintah {command} tidak diperbolehkan; hanya isian seperti {example}")
UNPAIRED = N_("tanda kurung kurawal tidak berpasangan; tulis {example}")
UNKNOWN = N_("isian “{hole}” tidak dikenal; yang ada: {known}")
_SIGN = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_HOLE = re.compile(r"\{\{[ \t]*([A-Za-z_]{1,20})[ \t]*\}\}")
_NAME = re.compile(r"\{\{[ \t]*([^\W\d]\w{0,59})[ \t]*\}\}")
_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)


class Wrong(DeskError):
    """What is wrong at a place of a template; its sentence ends where it stands."""


class TemplateFaulty(DeskError):
    """Refused when saved, with the line and column (from 1) at which it goes wrong."""

    def __init__(self, line: int, what: Wrong, column: int = 1) -> None:
        super().__init__(
            N_("Templat, baris {line}, kolom {column}: {what}"), line=line, column=column, what=what
        )


@lru_cache(maxsize=1)
def environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False
    )


def check(body: str) -> None:
    """Only words and `{{ hole }}`: no filter, attribute, call, loop or condition. Raises TemplateFaulty."""
    if len(body) > LONGEST:
        raise _faulty(
            body, LONGEST, Wrong(N_("terlalu panjang, paling banyak {most} karakter"), most=LONGEST)
        )
    for found in _signs(body):
        _check_sign(body, found)
    try:
        tree = environment().parse(body)
    except (TemplateError, RecursionError, ValueError, OverflowError):
        raise TemplateFaulty(1, Wrong(N_("tidak dapat dibaca"))) from None
    for node in tree.find_all(nodes.Node):  # a second look, by the library that will fill it
        if not isinstance(node, _ALLOWED):
            raise TemplateFaulty(getattr(node, "lineno", 1), Wrong(ONLY, example=EXAMPLE))


def _signs(body: str) -> Iterator[re.Match[str]]:
    """Every sign of the template language, past the holes and comments that are in order."""
    place = 0
    while found := _SIGN.search(body, place):
        hole = _HOLE.match(body, found.start())
        if hole and hole[1] in HOLES:
            place = hole.end()
        elif found[0] == "{#" and (end := body.find("#}", found.end())) >= 0:
            place = end + 2
        else:
            yield found
            place = found.end()


def _check_sign(body: str, found: re.Match[str]) -> None:
    if found[0] in ("{%", "%}"):
        raise _faulty(body, found.start(), Wrong(COMMAND, command="{% … %}", example=EXAMPLE))
    if found[0] != "{{":
        raise _faulty(body, found.start(), Wrong(UNPAIRED, example=EXAMPLE))
    named = _NAME.match(body, found.start())
    if named:
        known = ", ".join(HOLES)
        raise _faulty(body, named.start(1), Wrong(UNKNOWN, hole=named[1], known=known))
    if "}}" not in body[found.end() :]:
        raise _faulty(body, found.start(), Wrong(UNPAIRED, example=EXAMPLE))
    raise _faulty(body, found.start(), Wrong(ONLY, example=EXAMPLE))


def _faulty(body: str, place: int, what: Wrong) -> TemplateFaulty:
    before = body[:place]
    line = before.count("\n") + 1
    return TemplateFaulty(line, what, place - (before.rfind("\n") + 1) + 1)


def named(body: str) -> tuple[str, ...]:
    """The holes of a body that passed the check, in order, each once."""
    return tuple(dict.fromkeys(found[1] for found in _HOLE.finditer(body)))
