"""The SOP's own table as data, lane columns and all, and as plain text for a terminal."""

import textwrap
from collections.abc import Sequence

from msgspec import Struct

from sop.procedure import Header, Procedure, Step, lane_of

MARK = "●"
WIDE = {"Kegiatan": 26, "Kelengkapan": 20, "Waktu": 12, "Output": 18, "Keterangan": 24}
LANE = 12  # characters of a lane's column at most


class Row(Struct, frozen=True, kw_only=True):
    """One row of the paper. `marks` has one entry a lane column. Further rungs of a ladder have an empty number."""

    step: str
    number: str
    activity: str
    rung: int
    lane: str
    marks: tuple[bool, ...]
    input: str
    limit: str
    output: str
    remark: str


class Paper(Struct, frozen=True, kw_only=True):
    """`lanes` are the columns by name; `added` are the stays that our readings put beside the paper's rows.

    `readings` say how the whole paper, its lanes and its steps were read where it is silent.
    """

    title: str
    number: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    lanes: tuple[str, ...]
    rows: tuple[Row, ...]
    added: tuple[Row, ...]
    readings: tuple[str, ...] = ()


def paper(procedure: Procedure) -> Paper:
    """The table in the paper's order."""
    columns = tuple(lane for lane in procedure.lanes if lane.on_paper)
    rows = [_row(procedure, step, [lane.id for lane in columns]) for step in procedure.steps]
    return Paper(
        title=procedure.title,
        number=procedure.number,
        facts=_facts(procedure),
        lanes=tuple(lane.name for lane in columns),
        rows=tuple(row for row, step in zip(rows, procedure.steps, strict=True) if step.number),
        added=tuple(row for row, step in zip(rows, procedure.steps, strict=True) if not step.number),
        readings=_readings(procedure),
    )


def _row(procedure: Procedure, step: Step, columns: Sequence[str]) -> Row:
    further = step.rung > 1
    return Row(
        step=step.id,
        number="" if further else step.number,
        activity="" if further else step.activity,
        rung=step.rung,
        lane=lane_of(procedure, step.lane).name,
        marks=tuple(step.lane == lane for lane in columns),
        input=step.input,
        limit=str(step.limit) if step.limit else "",
        output=step.output,
        remark=step.remark,
    )


def _facts(procedure: Procedure) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The title box: name and lines, only what the paper fills."""
    head = procedure.header
    found: list[tuple[str, tuple[str, ...]]] = [
        ("Nomor", (procedure.number,)),
        ("Terbitan / Revisi", (" / ".join(part for part in (head.issue, procedure.revision) if part),)),
        ("Tanggal pembuatan", (head.made.isoformat() if head.made else "",)),
        ("Tanggal revisi", (head.revised.isoformat() if head.revised else "",)),
        ("Tanggal pengesahan", (head.approved.isoformat() if head.approved else "",)),
        ("Tanggal efektif", (procedure.effective.isoformat(),)),
        ("Penanggung jawab", (head.owner,)),
        ("Tujuan", (head.purpose,)),
        ("Ruang lingkup", head.scope),
        ("Dasar hukum", head.legal_basis),
        ("Kualifikasi pelaksana", head.qualification),
        ("Peralatan", head.equipment),
        ("Peringatan", (head.warning,)),
        ("Pencatatan", (head.record_keeping,)),
        ("Keterkaitan", head.related),
        ("Lampiran", head.attachments),
        ("Indikator keberhasilan", head.indicators),
        ("Batas seluruh perkara", (str(procedure.limit) if procedure.limit else "",)),
        ("Pengesahan", _signers(head)),
    ]
    return tuple((name, lines) for name, lines in found if any(lines))


def _signers(head: Header) -> tuple[str, ...]:
    return tuple(
        ", ".join(part for part in (each.role, each.office, each.signed and each.signed.isoformat()) if part)
        for each in head.signers
    )


def as_text(table: Paper, *, notes: bool = True) -> str:
    """The paper in fixed width: title box, table, readings. As wide as its lanes need (UC3: about 190 characters)."""
    parts = [table.title, "=" * len(table.title), "", *_box(table), "", *_table(table.lanes, table.rows)]
    if table.added:
        parts += ["", "Di luar tabel (bacaan):", *_table(table.lanes, table.added)]
    if notes:
        parts += _notes(table)
    return "\n".join(line.rstrip() for line in parts) + "\n"


def _box(table: Paper) -> list[str]:
    width = max(len(name) for name, _ in table.facts) + 2
    lines = []
    for name, values in table.facts:
        for index, value in enumerate(values):
            lines += textwrap.wrap(
                value,
                100,
                initial_indent=f"{name if not index else '':<{width}}",
                subsequent_indent=" " * width,
                break_on_hyphens=False,
            )
    return lines


def _readings(procedure: Procedure) -> tuple[str, ...]:
    found = [procedure.note] if procedure.note else []
    found += [f"{lane.name}: {lane.note}" for lane in procedure.lanes if lane.note]
    found += [
        f"{step.number or 'Tambahan'}, {step.activity}: {step.note}"
        for step in procedure.steps
        if step.note and step.rung < 2
    ]
    return tuple(found)


def _notes(table: Paper) -> list[str]:
    lines = ["", "Bacaan yang dipilih:"] if table.readings else []
    for each in table.readings:
        lines += textwrap.wrap(
            each, 110, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False
        )
    return lines


def _table(lanes: Sequence[str], rows: Sequence[Row]) -> list[str]:
    heads = ["No", "Kegiatan", *lanes, "Kelengkapan", "Waktu", "Output", "Keterangan"]
    cells = [
        [
            row.number,
            row.activity or (f"(tingkat {row.rung})" if row.rung else ""),
            *(MARK if mark else "" for mark in row.marks),
            row.input,
            row.limit or "-",
            row.output,
            row.remark if row.rung < 2 else "",
        ]
        for row in rows
    ]
    if not any(row.remark for row in rows):
        heads, cells = heads[:-1], [line[:-1] for line in cells]
    lane_columns = range(2, 2 + len(lanes))
    widths = [
        _width(head, [line[index] for line in cells], index in lane_columns)
        for index, head in enumerate(heads)
    ]
    rule = "+".join("-" * (width + 2) for width in widths)
    drawn = [rule, *_lines(heads, widths, lane_columns), rule]
    for line in cells:
        drawn += [*_lines(line, widths, lane_columns), rule]
    return [f"+{each}+" if each is rule else f"|{each}|" for each in drawn]


def _width(head: str, cells: Sequence[str], lane: bool) -> int:
    most = LANE if lane else WIDE.get(head, 3)
    longest = max(len(word) for word in head.split())
    return max(longest if lane else 2, min(most, max(len(text) for text in (head, *cells))))


def _lines(cells: Sequence[str], widths: Sequence[int], centred: range) -> list[str]:
    wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    height = max(len(each) for each in wrapped)
    return [
        "|".join(
            f" {part:^{width}} " if index in centred else f" {part:<{width}} "
            for index, (part, width) in enumerate(
                zip([each[line] if line < len(each) else "" for each in wrapped], widths, strict=True)
            )
        )
        for line in range(height)
    ]
