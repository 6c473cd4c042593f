"""The SOP's own table as it fits a terminal, and as a page of its own."""

from collections.abc import Sequence
from html import escape
from string import ascii_uppercase

from rich.box import SQUARE
from rich.table import Table
from rich.text import Text

from sop.diagram import diagram
from sop.paper import MARK, Paper, Row, as_text, paper
from sop.procedure import Procedure
from tanggap import tables
from tanggap.language import _

HEADS = ("Kelengkapan", "Waktu", "Output", "Keterangan")
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:1200px;padding:0 1rem;color:#1d2430;background:#fff}
table{border-collapse:collapse;margin:1rem 0}th,td{border:1px solid #9aa4b2;padding:.3rem .5rem;vertical-align:top;
text-align:left}td.mark{text-align:center}.facts th{width:12rem}svg{max-width:100%;height:auto}
.flow rect{fill:#fff;stroke:#3b5b8c}.flow path,.flow line{fill:none;stroke:#3b5b8c}.flow .tip{fill:#3b5b8c;stroke:none}
.flow text{font:11px system-ui,sans-serif;fill:#1d2430;stroke:none;text-anchor:middle}
"""


def for_terminal(procedure: Procedure, width: int) -> str:
    """As on paper where it fits; else each lane is a letter, told below the table."""
    table = paper(procedure)
    text = as_text(table)
    if max(map(len, text.splitlines())) <= width:
        return text
    console = tables.console()
    with console.capture() as caught:
        console.print(Text(f"{table.title} ({table.number})", style="bold"))
        for name, said in table.facts:
            console.print(Text(f"{name}: {'; '.join(said)}"))
        console.print(_narrow(table, table.rows))
        console.print(_legend(table.lanes))
        if table.added:
            console.print(Text(_("\nDi luar tabel (bacaan):")))
            console.print(_narrow(table, table.added))
        for reading in table.readings:
            console.print(Text(f"- {reading}"))
    return caught.get()


def _legend(lanes: Sequence[str]) -> Text:
    return Text(", ".join(f"{letter} {name}" for letter, name in zip(ascii_uppercase, lanes, strict=False)))


def _narrow(table: Paper, rows: Sequence[Row]) -> Table:
    drawn = Table(box=SQUARE, padding=0, show_lines=True)
    with_remark = any(row.remark for row in rows)
    drawn.add_column("No", overflow="fold")
    drawn.add_column("Kegiatan", ratio=3, overflow="fold")
    for letter in ascii_uppercase[: len(table.lanes)]:
        drawn.add_column(letter, width=1, justify="center")
    for head in HEADS if with_remark else HEADS[:-1]:
        drawn.add_column(head, ratio=2, overflow="fold")
    for row in rows:
        cells = _cells(row, MARK)
        drawn.add_row(*map(Text, cells if with_remark else cells[:-1]))
    return drawn


def _cells(row: Row, mark: str) -> list[str]:
    further = _("(tingkat {rung})", rung=row.rung) if row.rung else ""
    marks = [mark if each else "" for each in row.marks]
    remark = row.remark if row.rung < 2 else ""
    return [row.number, row.activity or further, *marks, row.input, row.limit or "-", row.output, remark]


def as_html(procedure: Procedure) -> str:
    """One page without links: title box, table, flow, readings."""
    table = paper(procedure)
    title = escape(f"{table.title} ({table.number})" if table.number else table.title)
    parts = [
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>",
        '<table class="facts">',
        *(
            f"<tr><th>{escape(name)}</th><td>{'<br>'.join(map(escape, said))}</td></tr>"
            for name, said in table.facts
        ),
        "</table>",
        _html_table(table, table.rows),
        *(
            ("<h2>" + _("Di luar tabel (bacaan)") + "</h2>", _html_table(table, table.added))
            if table.added
            else ()
        ),
        diagram(procedure),
        "<h2>" + _("Bacaan yang dipilih") + "</h2><ul>" if table.readings else "",
        *(f"<li>{escape(each)}</li>" for each in table.readings),
        "</ul>" if table.readings else "",
        "</body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _html_table(table: Paper, rows: Sequence[Row]) -> str:
    heads = ("No", "Kegiatan", *table.lanes, *HEADS)
    lanes = range(2, 2 + len(table.lanes))
    lines = [
        "".join(
            f'<td class="mark">{escape(cell)}</td>' if index in lanes else f"<td>{escape(cell)}</td>"
            for index, cell in enumerate(_cells(row, MARK))
        )
        for row in rows
    ]
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
