"""The office written out as the YAML that `desk/office_file.py` brings in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import yaml

from desk import office_targets
from sop import calendar as calendars
from sop.clock import local_date
from sop.office import Category, Office, Unit
from sop.office_file import SHARING, VARIANTS
from sop.officer import Officer
from store import office as offices
from store import officers
from store import templates as kept
from store.db import View


class _Pages(yaml.SafeDumper):
    """Texts of several lines stay readable, and nothing is referred to by anchors, which the reader refuses."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Pages.add_representer(str, _text)


def export(view: View, now: datetime, zone: str = "UTC") -> str:
    """The YAML that `bring_in` takes, of the office as it is at `now`.

    Passwords and chats are not in it, nor the seats of deputies and others that end by themselves.
    """
    office = offices.current(view)
    seats = officers.lasting(view, now)
    hours = {unit.calendar.code: unit.calendar for unit in office.units.values()}
    data: dict[str, Any] = {
        "kantor": office.name,
        "masuk": {name or "lainnya": unit for name, unit in office.intake.items()},
        "kalender": [calendars.write(calendar) for calendar in hours.values()],
        "unit": [_unit(office, unit) for unit in office.units.values()],
        "prosedur": [
            {"dari": local_date(zone, one.from_at).isoformat(), "isi": source.strip()}
            for one, source in offices.sources(view, office)
        ],
        "kategori": [_category(office, category) for category in office.categories.values()],
        "templat": [_template(office, each) for each in kept.newest(view) if each.status == "approved"],
        **office_targets.export(view, office),
        "petugas": [_officer(office, officer, seats) for officer in officers.all_of(view, now)],
    }
    return str(yaml.dump(data, Dumper=_Pages, allow_unicode=True, sort_keys=False, width=110))


def _unit(office: Office, unit: Unit) -> dict[str, Any]:
    return {
        "kode": unit.code,
        "nama": unit.name,
        "jenis": unit.kind,
        "kalender": unit.calendar.code,
        "prosedur": unit.procedure,
        "induk": _unit_code(office, unit.parent),
        "pembagian": next(word for word, value in SHARING.items() if value == unit.sharing),
    }


def _category(office: Office, category: Category) -> dict[str, Any]:
    return {
        "kode": category.code,
        "nama": category.name,
        "kata": sorted(category.keywords),
        "induk": _category_code(office, category.parent),
        "unit": _unit_code(office, category.unit),
        "prosedur": category.procedure,
        "identitas": category.identity,
        "foto": _word(category.needs_photo),
        "lokasi": _word(category.needs_location),
        "hanya_templat": _word(category.template_only),
        **({"retensi": category.retention_days} if category.retention_days else {}),
        **({"urutan": category.position} if category.position else {}),
    }


def _template(office: Office, template: kept.Template) -> dict[str, Any]:
    return {
        "kode": template.code,
        "nama": template.name,
        "bahasa": template.language,
        "isi": template.body,
        "unit": _unit_code(office, template.unit),
        "kategori": _category_code(office, template.category),
        "aman": _word(template.harmless),
        **variants(template),
    }


def variants(template: kept.Template) -> dict[str, str]:
    """The keys of a template's file that say what single channels are told."""
    found = {
        key: template.variants[channel].body
        for key, channel in VARIANTS.items()
        if channel in template.variants and template.variants[channel].body
    }
    content = template.variants["whatsapp"].content if "whatsapp" in template.variants else ""
    return found | ({"konten": content} if content else {})


def _officer(
    office: Office, officer: Officer, seats: Mapping[int, list[tuple[str, int | None, str]]]
) -> dict[str, Any]:
    return {
        "nama_pengguna": officer.login,
        "nama": officer.name,
        "jabatan": officer.title,
        "bahasa": officer.language,
        "peran": [
            {"lajur": lane, "unit": _unit_code(office, unit), "sk": decree}
            for lane, unit, decree in seats.get(officer.id, ())
        ],
    }


def _unit_code(office: Office, unit: int | None) -> str:
    found = office.units.get(unit) if unit else None
    return found.code if found else ""


def _category_code(office: Office, category: int | None) -> str:
    found = office.categories.get(category) if category else None
    return found.code if found else ""


def _word(yes: bool) -> str:
    return "ya" if yes else "tidak"
