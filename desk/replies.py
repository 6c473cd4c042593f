"""Reply templates as files: a small front matter between two lines of dashes, then the words as they are sent."""

from pathlib import Path

import yaml
from msgspec import Struct
from msgspec.structs import replace

from desk import templates
from sop.errors import N_
from sop.office_file import LANGUAGES, TEMPLATE, VARIANTS, TemplateLine, variants
from sop.procedure_reader import Reader
from sop.procedure_yaml import Fault, tree

FENCE = "---"
STARTERS = Path(__file__).parent.parent / "templates_replies"
HEAD = {key: shape for key, shape in TEMPLATE.items() if key != "isi"}
_WORDS_ALONE = TemplateLine(code="", name="", language="id", body="", unit="", category="", harmless=False)


class ReplyFile(Struct, frozen=True):
    """A template and the line of its file (from 1) on which its words begin."""

    template: TemplateLine
    begins: int


def read(text: str) -> tuple[ReplyFile | None, tuple[Fault, ...]]:
    """The template, or every mistake in its file by line. A file without front matter is words alone."""
    head, body, begins = _parts(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    faults: list[Fault] = []
    line = _head(head, faults)
    for channel, words in (line.variants if line else {}).items():
        try:
            templates.check(words)
        except templates.TemplateFaulty as error:
            told = error.params | {"channel": channel}
            problem = N_("varian {channel}, kolom {column}: {what}.")
            faults.append(Fault(line=1, problem=problem, advice="", params=told))
    try:
        templates.check(body)
    except templates.TemplateFaulty as error:
        at = error.params["line"] + begins - 1
        faults.append(Fault(line=at, problem=N_("kolom {column}: {what}."), advice="", params=error.params))
    if not body:
        faults.append(Fault(line=begins, problem=N_("Templat ini kosong."), advice=N_("Tulis kata-katanya.")))
    if faults or line is None:
        return None, tuple(faults)
    return ReplyFile(replace(line, body=body), begins), ()


def _head(head: str, faults: list[Fault]) -> TemplateLine | None:
    """Everything but the words; of a file without front matter nothing is known."""
    if not head.strip():
        return _WORDS_ALONE
    found: list[Fault] = []
    entry = tree(head, found.append)
    line = _line(Reader(entry, HEAD, "templat", found.append)) if entry else None
    faults += (replace(fault, line=fault.line + 1) for fault in found)
    return line


def _line(page: Reader) -> TemplateLine:
    return TemplateLine(
        code=page.identifier("kode", "salam"),
        name=page.needed("nama", "Salam pembuka"),
        language=page.choice("bahasa", LANGUAGES, "id"),
        body="",
        unit=page.text("unit"),
        category=page.text("kategori"),
        harmless=page.flag("aman"),
        variants=variants(page),
        content=page.text("konten"),
    )


def write(line: TemplateLine) -> str:
    """The file that `read` reads as this template."""
    keys = {channel: key for key, channel in VARIANTS.items()}
    head = {
        "kode": line.code,
        "nama": line.name,
        "bahasa": line.language,
        "unit": line.unit,
        "kategori": line.category,
        "aman": "ya" if line.harmless else "",
        "konten": line.content,
    } | {keys[channel]: words for channel, words in line.variants.items()}
    told = {key: value for key, value in head.items() if value}
    written = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=10_000)
    return f"{FENCE}\n{written}{FENCE}\n\n{line.body}\n"


def _parts(text: str) -> tuple[str, str, int]:
    """(front matter, words, line on which the words begin)."""
    lines = text.split("\n")
    head: list[str] = []
    start = 0
    if lines[0].strip() == FENCE and FENCE in (line.strip() for line in lines[1:]):
        start = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == FENCE) + 1
        head = lines[1 : start - 1]
    while start < len(lines) and not lines[start].strip():
        start += 1
    return "\n".join(head), "\n".join(lines[start:]).rstrip(), min(start + 1, len(lines))


def starters(folder: Path = STARTERS) -> tuple[TemplateLine, ...]:
    """The templates that come with the desk, by file name."""
    found = []
    for path in sorted(folder.glob("*.md")):
        file, faults = read(path.read_text(encoding="utf-8"))
        assert file is not None, f"{path.name}: {'; '.join(map(str, faults))}"
        found.append(file.template)
    return tuple(found)
