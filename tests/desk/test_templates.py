"""Reply templates are data with holes, not programs: checked when saved, filled from a ticket, harmless whatever they say."""

import pytest

from desk import answer, templates
from desk.intake import take_in
from desk.templates import TemplateFaulty
from sop.errors import NotAllowed
from sop.messages import File
from store import office as offices
from store import ratings, tickets
from store import templates as kept
from store.db import Database
from tests.samples import NOW, ids, incoming, officer, small_office

FILE = File(name="panduan.pdf", content_type="application/pdf", size=3, path="aa/aa", sha256="0")
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
    "{{- nama -}}",
    "{{+ nama }}",
    "{{ nama }}{{",
    "}} nama",
    "{{ \uff4e\uff41\uff4d\uff41 }}",
    "{{ n\u0430ma }}",
    "{{ nama\u200b }}",
    "{{ \u202enama }}",
    "{{\nnama\n}}",
    "{{ nama.__init__.__globals__.__builtins__.open('/etc/passwd').read() }}",
    "{{ nama|format(1) }}",
    "{{ nama|replace('a', 'b' * 1000000000) }}",
    "{{ nama|center(1000000000) }}",
    "{{ nama|default('x') }}",
    "{{ nama|safe }}",
    "{{ nama|e }}",
    "{{ '{0}'.format }}",
    "{{ nama.format_map }}",
    "{{ debug() }}",
    "{{ loop }}",
    "{{ super() }}",
    "{{ caller() }}",
    "{{ varargs }}",
    "{{ gettext('x') }}",
    "{% raw %}{{ 7*7 }}{% endraw %}",
    "{% trans %}x{% endtrans %}",
    "{% do nama.clear() %}",
    "{% debug %}",
    "{%- for i in nama -%}{{ i }}{%- endfor -%}",
    "{% from 'x' import y %}",
    "{# tak ditutup",
    "tak dibuka #}",
    "{{ 7*7 }}",
    "{{ nama, }}",
    "{{ *nama }}",
    "{{ nama }} {{ __import__('os') }}",
    "{{ lambda: 1 }}",
    "{{ nama := 1 }}",
    "{{{ nama }}}",
    "{{ {{ nama }} }}",
    "{{ True }}",
    "{{ none }}",
    "{{ nama\x00 }}",
    "Yth. {{ nama }},\n{% for a in range(10**9) %}{{ a }}{% endfor %}",
    "{{ nama }}" * 799 + "{{ nama.x }}",
    "{% if nama %}" * 500 + "{% endif %}" * 500,
    "{{ {{ {{ nama }} }} }}",
    "{{ nama | upper | lower | title }}",
    "{{ \ufb01 }}",
    "{{\u00a0nama\u00a0}}",
    "{{\u2003nama }}",
    "{{ nama }\u200b}",
    "\uff5b\uff5b nama \uff5d\uff5d {{ x }}",
    "{{ NAMA }}",
    "{{ nama\u0301 }}",
    "{{\rnama }}",
    "{{ nama\u2028}}",
    "{%\u200bfor i in nama %}",
    "{#{{ nama }}",
    "{# a #}#}",
    "{{ nama }}{# {% raw %}",
    "{% raw %}{% for i in range(9) %}{% endraw %}",
    "{% set nama.__class__ = 1 %}",
    "{{ ().__class__.__base__.__subclasses__() }}",
    "{{ nama['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ 'a'.join([nama] * 1000000000) }}",
    "{{ nama ~ nama * 1000000000 }}",
    "{{ 1 << 99999999999 }}",
    "{{ nama.encode('rot13') }}",
    "{{ nama|tojson }}",
    "{{ nama|string|batch(1000000000) }}",
    "{{ (nama) }}",
    "{{ nama and nomor }}",
    "{{ nama in nomor }}",
    "{{ -nama }}",
    "{{ nama() }}",
    "{{ **nama }}",
]


@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: body[:40])
def test_a_template_that_is_a_program_is_refused_with_its_line_and_harmless_if_stored(body: str) -> None:
    with pytest.raises(TemplateFaulty, match=r"baris \d+, kolom \d+: .") as caught:
        templates.check(body)
    lines = body.split("\n")
    assert caught.value.params["column"] <= len(lines[caught.value.params["line"] - 1]) + 1

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
    """What is wrong with a template is raised."""
    templates.check(body)


def test_a_value_of_a_citizen_is_never_a_template() -> None:
    filled = templates.fill("Halo {{ nama }}", {"nama": "{{ nomor }}{% raw %}"})

    assert filled.text == "Halo {{ nomor }}{% raw %}"


def test_what_the_ticket_does_not_say_stays_a_named_hole() -> None:
    filled = templates.fill("Halo {{ nama }}, tenggat {{ tenggat }}.", {"nama": "Dewi", "tenggat": ""})

    assert (filled.text, filled.missing) == ("Halo Dewi, tenggat [tenggat].", ("tenggat",))


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        ("Halo\n\n{{ namaa }}", 3, 4),
        ("Yth. {{ nama }}, {% if x %}", 1, 18),
        ("{{ nama }}\n  {{ nama | upper }}", 2, 3),
        ("satu\ndua }} tiga", 2, 5),
        ("{# a #}\n{{ nama", 2, 1),
        ("\n" * 99 + "\U0001f44d {{ 7*7 }}", 100, 3),
    ],
)
def test_the_line_and_column_of_the_fault_are_told(body: str, line: int, column: int) -> None:
    with pytest.raises(TemplateFaulty) as caught:
        templates.check(body)

    assert (caught.value.params["line"], caught.value.params["column"]) == (line, column)
    assert f"baris {line}, kolom {column}" in str(caught.value)


@pytest.mark.parametrize("body", ["{{ namaa }}", "{% for i in range(1000000000) %}x{% endfor %}"])
async def test_a_channels_own_words_are_held_to_the_same_rule(sqlite: Database, body: str) -> None:
    await small_office(sqlite)
    lestari = await officer(sqlite, "lestari")

    with pytest.raises(templates.VariantFaulty, match="Varian whatsapp, baris 1"):
        await sqlite.write(
            templates.save,
            lestari,
            code="x",
            name="X",
            body="Baik",
            language="id",
            now=NOW,
            variants={"whatsapp": kept.Variant(body)},
        )
    assert [each.code for each in await sqlite.read(kept.newest)] == ["sandi"]


async def test_a_draft_is_approved_first_and_in_force_when_it_is_put_so(db: Database) -> None:
    await small_office(db)
    lestari = await officer(db, "lestari")
    number = await db.write(
        templates.save, lestari, code="sandi", name="Sandi", body="Baru.", language="id", now=NOW
    )
    states = []
    for act in (templates.agree, templates.approve, templates.withdraw):
        await db.write(act, lestari, number, NOW)
        found = await db.read(kept.get, number)
        assert found is not None
        states.append(found.state)

    assert states == ["approved", "in_force", "withdrawn"]
    assert [each.state for each in await db.read(kept.versions, "sandi", "id")] == ["withdrawn", "withdrawn"]


async def test_what_was_sent_from_a_template_is_counted_with_its_ratings(db: Database) -> None:
    await small_office(db)
    sari = await officer(db)
    for sender, score in (("1", 5), ("2", 2), ("3", None)):
        number = await db.write(take_in, incoming(key=sender, sender=sender), ids(), NOW)
        await db.write(answer.reply, str(number), sari, "Baik.", key="", ids=ids(), now=NOW, template=1)
        if score and number:
            rating = ratings.Rating(score=score, solved=True, words="", rated_at=NOW)
            await db.write(ratings.save, int(number), rating)

    assert await db.read(kept.usage) == {("sandi", "id"): kept.Usage(sent=3, rated=2, score=3.5)}


async def test_variants_and_files_of_a_template_are_kept_with_its_version(db: Database) -> None:
    await small_office(db)
    lestari = await officer(db, "lestari")
    variants = {"whatsapp": kept.Variant("Halo *{{ nama }}*", "HX1"), "mail": kept.Variant("")}
    number = await db.write(
        templates.save,
        lestari,
        code="x",
        name="X",
        body="Halo {{ nama }}",
        language="id",
        now=NOW,
        variants=variants,
        files=[FILE],
    )

    found = await db.read(kept.get, number)
    assert found is not None
    assert found.name == "X"
    assert dict(found.variants) == {"whatsapp": variants["whatsapp"]}
    assert (found.body_for("whatsapp"), found.body_for("mail")) == ("Halo *{{ nama }}*", "Halo {{ nama }}")
    assert await db.read(kept.files_of, number) == (FILE,)


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
