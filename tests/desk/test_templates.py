"""Reply templates are data with holes, not programs: checked when saved, filled from a ticket, harmless whatever they say."""

import pytest

from desk import templates
from desk.intake import take_in
from desk.templates import TemplateFaulty
from sop.errors import NotAllowed
from store import office as offices
from store import templates as kept
from store import tickets
from store.db import Database
from tests.samples import NOW, ids, incoming, officer, small_office

HOSTILE = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ nama.__class__ }}",
    "{{ nama['__class__'] }}",
    "{{ nama|attr('__class__') }}",
    "{{ nama.upper() }}",
    "{{ nama.format }}",
    "{{ '%s' % nama }}",
    "{{ '{0.__class__}'.format(nama) }}",
    "{{ nama|upper }}",
    "{{ nama|map('upper')|list }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ config }}",
    "{{ request }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner }}",
    "{{ namespace(a=1) }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ lipsum(n=100000) }}",
    "{{ range(1000000000) }}",
    "{{ range(9)|list }}",
    "{{ dict(a=1) }}",
    "{% for i in range(1000000000) %}x{% endfor %}",
    "{% if nama %}x{% endif %}",
    "{% set x = 1 %}",
    "{% macro m() %}x{% endmacro %}{{ m() }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends 'x' %}",
    "{% block a %}{% endblock %}",
    "{% call m() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with a = 1 %}{{ a }}{% endwith %}",
    "{% autoescape false %}{% endautoescape %}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 1 / 0 }}",
    "{{ [nama] }}",
    "{{ {'a': nama} }}",
    "{{ (nama, nomor) }}",
    "{{ nama ~ nomor }}",
    "{{ nama == 'x' }}",
    "{{ not nama }}",
    "{{ nama if nama else nomor }}",
    "{{ nama[0] }}",
    "{{ nama[::-1] }}",
    "{{ 'teks' }}",
    "{{ 7 }}",
    "{{ nama is defined }}",
    "{{ tidak_ada }}",
    "{{ _ }}",
    "{{ nama",
    "nama }} {{",
    "{{ }}",
    "{% raw %}{{ nama }}",
    "{{ " + "(" * 3000 + "nama" + ")" * 3000 + " }}",
    "x" * 8001,
    "{{" * 2000,
]


@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: body[:40])
def test_a_template_that_is_a_program_is_refused_with_its_line_and_harmless_if_stored(body: str) -> None:
    with pytest.raises(TemplateFaulty, match="baris"):
        templates.check(body)

    shown = templates.fill(body, {"nama": "Dewi"})

    assert shown.text == body


@pytest.mark.parametrize(
    "body",
    [
        "Halo {{ nama }}",
        "{{nama}}{{ nomor }}",
        "Tanpa isian",
        "",
        "Persen % dan { kurung }",
        "{# catatan #}ya",
    ],
)
def test_words_and_holes_are_fine(body: str) -> None:
    templates.check(body)


def test_a_value_of_a_citizen_is_never_a_template() -> None:
    filled = templates.fill("Halo {{ nama }}", {"nama": "{{ nomor }}{% raw %}"})

    assert filled.text == "Halo {{ nomor }}{% raw %}"


def test_what_the_ticket_does_not_say_stays_a_named_hole() -> None:
    filled = templates.fill("Halo {{ nama }}, tenggat {{ tenggat }}.", {"nama": "Dewi", "tenggat": ""})

    assert (filled.text, filled.missing) == ("Halo Dewi, tenggat [tenggat].", ("tenggat",))


def test_the_line_of_the_fault_is_told() -> None:
    with pytest.raises(TemplateFaulty) as caught:
        templates.check("Halo\n\n{{ namaa }}")

    assert caught.value.params["line"] == 3
    assert "namaa" in str(caught.value)


async def test_holes_are_filled_from_the_ticket(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari = await officer(db)
    ticket = await db.read(tickets.find, 1001)
    office = await db.read(offices.current)
    assert ticket is not None

    holes = templates.values(office, ticket, sari, NOW)

    assert set(holes) == set(templates.HOLES)
    filled = templates.fill("{{ nama }} {{ nomor }} {{ unit }} {{ petugas }}", holes)
    assert filled.text == "Dewi #1001 Kantor Pusat Sari"


async def test_a_supervisor_approves_and_only_the_approved_version_is_used(db: Database) -> None:
    await small_office(db)
    sari, lestari = await officer(db), await officer(db, "lestari")

    async def save(body: str) -> int:
        return await db.write(
            templates.save, lestari, code="sandi", name="Sandi", body=body, language="id", now=NOW
        )

    with pytest.raises(NotAllowed):
        await db.write(templates.save, sari, code="x", name="X", body="x", language="id", now=NOW)
    number = await save("Versi dua, {{ nama }}")
    before = await db.read(kept.by_code, "sandi", "id")
    assert before and before.version == 1
    with pytest.raises(NotAllowed):
        await db.write(templates.approve, sari, number, NOW)
    await db.write(templates.approve, lestari, number, NOW)

    after = await db.read(kept.by_code, "sandi", "id")
    assert after and (after.version, after.body) == (2, "Versi dua, {{ nama }}")
    assert [each.code for each in await db.read(kept.usable, unit=1)].count("sandi") == 1
    await db.write(templates.withdraw, lestari, number, NOW)
    assert await db.read(kept.by_code, "sandi", "id") is None
    with pytest.raises(templates.UnknownTemplate):
        await db.write(templates.approve, lestari, 9999, NOW)
    with pytest.raises(TemplateFaulty):
        await save("{% if 1 %}")
