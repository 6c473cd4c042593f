"""`tanggap doctor`: what is wrong or will be, each with the command that mends it; exit 1 for who watches the machine."""

import os

import typer

from tanggap import clock
from tanggap.commands.options import CONFIG, Config, Json
from tanggap.diagnosis import Finding, Grade, is_ill
from tanggap.doctor import diagnose
from tanggap.language import _
from tanggap.tables import say_json

app = typer.Typer(add_completion=False)

MARKS = {Grade.WELL: " ", Grade.UNKNOWN: "?", Grade.WARNING: "!", Grade.TROUBLE: "X"}


@app.command()
def doctor(config: Config = CONFIG, json: Json = False) -> None:
    found = diagnose(config, os.environ, clock.now)
    for finding in found:
        if json:
            say_json(
                {
                    "about": finding.about,
                    "grade": finding.grade,
                    "words": finding.words,
                    "remedy": finding.remedy,
                }
            )
        else:
            _say(finding)
    if not json:
        _sum_up(found)
    if is_ill(found):
        raise typer.Exit(1)


def _say(finding: Finding) -> None:
    typer.echo(f"{MARKS[finding.grade]} {finding.about}: {finding.words}")
    if finding.remedy:
        typer.echo("    " + _("obatnya: {remedy}", remedy=finding.remedy))


def _sum_up(found: list[Finding]) -> None:
    counts = {grade: sum(each.grade is grade for each in found) for grade in Grade}
    typer.echo(
        _(
            "{well} baik, {warning} peringatan ({w}), {trouble} masalah ({t}), {unknown} tidak diperiksa ({u})",
            well=counts[Grade.WELL],
            warning=counts[Grade.WARNING],
            trouble=counts[Grade.TROUBLE],
            unknown=counts[Grade.UNKNOWN],
            w=MARKS[Grade.WARNING].strip(),
            t=MARKS[Grade.TROUBLE].strip(),
            u=MARKS[Grade.UNKNOWN].strip(),
        )
    )
