"""A page says what its template says, in its reader's language, whatever is put together before there is a page."""

from functools import partial

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from console.rendering import FOLDER, Pages
from sop.language import Language, languages, translate

TEMPLATES = {
    "whole.html": """{% extends "frame.html" %}{% set one = 1 %}{% block body %}<p title="{{ _("Tutup") }}">
{% for each in rows %}{% set here = loop.index %}{{ here }}{% include "part.html" %}{% for piece in each %}[{{ piece }}]{% else %}{{ _("Belum berkategori") }}{% endfor %}
{% else %}{{ _("Tidak ditemukan") }}{% endfor %}{{ one }}{% include "part.html" %}
{{ _("Pilih tiket #{number}", number=number) }}{% set said = _("Pilih tiket #{number}", number=7) %}{{ said }}
{{ _("Pilih tiket #{number}", number=number) if rows else _("Semua") }}{{ _(word) }}{{ _("<i>&</i>") }}{{ _("{a}{b}", a=1, b=bold) }}
{{ _("{{besar}} {a}", a=None) }}{{ "{}".format(word) }}{% if _("Semua") == "Semua" %}{{ shout(word) }}{% endif %}</p>{% endblock %}""",
    "frame.html": "<main>{% block body %}{% endblock %}</main>",
    "part.html": "{% set inside = 3 %}({{ number }}{% if here is defined %}, {{ here }}{% endif %})",
}


def filled(pages: Environment, language: Language, rows: list[list[str]]) -> str:
    pages.loader = DictLoader(TEMPLATES)
    return pages.get_template("whole.html").render(
        _=partial(lambda words, /, **holes: translate(words, language, **holes)),
        rows=rows,
        number="<7>",
        word="Semua",
        bold=Markup("<b>"),
        shout=str.upper,
    )


@pytest.mark.parametrize("language", languages)
@pytest.mark.parametrize("rows", [[], [["<a>", "b"], [], ["c"]]])
def test_a_page_reads_as_jinja_alone_would_say_it(language: Language, rows: list[list[str]]) -> None:
    plain = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    said = filled(Pages(language), language, rows)
    assert said.replace("<b>", "&lt;b&gt;") == filled(plain, language, rows)
    assert "&lt;i&gt;&amp;&lt;/i&gt;" in said
    assert "<7>" not in said
    assert ("Close" in said) == (language == "en")


def test_a_sentence_whose_holes_are_not_given_is_a_mistake_that_shows() -> None:
    pages = Pages("id")
    with pytest.raises(KeyError):
        pages.from_string('{{ _("{a} dan {b}", a=1) }}').render(_=partial(translate, language="id"))
    with pytest.raises(UndefinedError):
        pages.from_string('{{ _("{a} dan {b}", a=1, b=c) }}').render()


@pytest.mark.parametrize("language", languages)
def test_every_page_compiles_in_every_language(language: Language) -> None:
    pages = Pages(language)
    for path in FOLDER.glob("*.html"):
        assert pages.get_template(path.name)
