"""Reply templates come from an archive as drafts, and go into one: what is in force is never changed by a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from desk import templates
from desk.office_export import variants
from desk.office_file import variants_of
from desk.reply_archive import Packed
from desk.seeing import needs
from sop.errors import N_, DeskError
from sop.messages import File
from sop.office import Office
from sop.office_file import VARIANTS, TemplateLine
from sop.officer import Officer, Right
from store import office as offices
from store import templates as kept
from store.db import Change, View
from store.templates import Template


class Unknown(DeskError):
    """A template's file names a unit or category that this office does not have."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(
            N_("Templat “{code}” menyebut “{what}”, yang tidak ada di kantor ini."), code=code, what=what
        )


def bring_in(
    change: Change,
    actor: Officer,
    packed: Sequence[Packed],
    files: Mapping[tuple[str, str], Sequence[File]],
    now: datetime,
) -> int:
    """Each as a new draft; what the newest version says already is passed over. How many came in.

    `files` by (code, language), kept already. Raises NotAllowed, Unknown, TemplateFaulty: then nothing comes in.
    """
    needs(actor, Right.TEMPLATES)
    office = offices.current(change)
    came = 0
    for each in packed:
        line, brought = each.line, tuple(files.get((each.line.code, each.line.language), ()))
        unit, category = _unit(office, line), _category(office, line)
        newest = next(iter(kept.versions(change, line.code, line.language)), None)
        if newest and _same(change, office, newest, line, brought):
            continue
        templates.save(
            change,
            actor,
            code=line.code,
            name=line.name,
            body=line.body,
            language=line.language,
            now=now,
            unit=unit,
            category=category,
            harmless=line.harmless,
            variants=variants_of(line),
            files=brought,
        )
        came += 1
    return came


def going_out(view: View, actor: Officer) -> list[tuple[TemplateLine, tuple[File, ...]]]:
    """The newest version of each template that the officer may change. Raises NotAllowed."""
    needs(actor, Right.TEMPLATES)
    office, mine = offices.current(view), actor.units(Right.TEMPLATES)
    found = [each for each in kept.newest(view) if mine is None or each.unit in (None, *mine)]
    return [
        (line_of(office, each), kept.files_of(view, each.id)) for each in found if each.status != "withdrawn"
    ]


def line_of(office: Office, template: Template) -> TemplateLine:
    """The template as its file says it."""
    unit = office.units.get(template.unit or 0)
    category = office.categories.get(template.category or 0)
    told = variants(template)
    return TemplateLine(
        code=template.code,
        name=template.name,
        language=template.language,
        body=template.body.strip(),
        unit=unit.code if unit else "",
        category=category.code if category else "",
        harmless=template.harmless,
        variants={channel: told[key] for key, channel in VARIANTS.items() if key in told},
        content=told.get("konten", ""),
    )


def _same(
    view: View, office: Office, before: Template, line: TemplateLine, brought: tuple[File, ...]
) -> bool:
    there = {(each.name, each.sha256) for each in kept.files_of(view, before.id)}
    return line_of(office, before) == line and there == {(each.name, each.sha256) for each in brought}


def _unit(office: Office, line: TemplateLine) -> int | None:
    found = next((each.id for each in office.units.values() if each.code == line.unit), None)
    if line.unit and found is None:
        raise Unknown(line.code, line.unit)
    return found


def _category(office: Office, line: TemplateLine) -> int | None:
    found = next((each.id for each in office.categories.values() if each.code == line.category), None)
    if line.category and found is None:
        raise Unknown(line.code, line.category)
    return found
