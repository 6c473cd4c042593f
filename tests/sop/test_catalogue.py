"""Whatever the house says to people it can say in English: nothing unmarked, nothing untranslated, nothing stale."""

import ast
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import nodes

from bots.commands import COMMANDS
from console.rendering import FOLDER, Pages
from sop.language import languages, translate
from tanggap import words

PAGES = sorted(FOLDER.glob("*.html"))
SEEN = frozenset({"alt", "aria-label", "aria-description", "placeholder", "title"})
SILENT = frozenset({"script", "style", "kbd", "code"})
THE_SAME_IN_EVERY_LANGUAGE = frozenset(
    {
        "tanggap",
        "tanggap ·",
        "YAML",
        "JSON Schema",
        "JSONL",
        "CSV",
        "XLSX",
        "PDF",
        "SSO",
        "· SSO · Telegram",
        "ContentSid",
        "/langganan",
        "English",
        "Bahasa Indonesia",
    }
)
CLASSES = frozenset({"flow small", "sla late", "sla met"})
ATTRIBUTE = re.compile(r"[a-z-]+=\"[^\"]*\"")  # of a macro that stands inside a tag
INSERTED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[^\W\d_]{2,}[,;:.]? [^\W\d_]{2,}")
CATALOGUES = [each for each in languages if each != "id"]


@pytest.fixture(scope="module")
def marked() -> tuple[str, ...]:
    return words.marked()


def holes(message: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(message) if name is not None)


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_marked_string_is_translated(language: str, marked: tuple[str, ...]) -> None:
    known = words.translated(language)
    assert [each for each in marked if not known.get(each, "").strip()] == [], (
        "run: make words, then translate"
    )
    assert sorted(known.keys() - set(marked)) == [], "no longer in the source; run: make words"


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_translation_has_the_holes_of_its_source(language: str) -> None:
    known = words.translated(language)
    odd = {
        source: said for source, said in known.items() if "{{" not in source and holes(source) != holes(said)
    }
    assert odd == {}


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_translation_begins_and_ends_like_its_source(language: str) -> None:
    """Spaces and line ends are glue: the text around relies on them."""

    def edges(message: str) -> tuple[str, str]:
        return message[: len(message) - len(message.lstrip())], message[len(message.rstrip()) :]

    known = words.translated(language)
    assert {source: said for source, said in known.items() if edges(source) != edges(said)} == {}


@pytest.mark.parametrize("language", CATALOGUES)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    made = words.sheet(tuple(words.translated(language)), words.translated(language), language)
    assert words.place(language, "mo").read_bytes() == words.compiled(made), "run: make words"
    assert words.place(language, "po").read_bytes() == words.written(made), "run: make words"


def test_the_catalogue_names_no_machine_and_no_program() -> None:
    head = words.place("en", "po").read_text("utf-8").partition("\n\n")[0]
    assert not re.search(r"Generated|Babel|@|http|Date|/", head.replace("text/plain", "")), head


def test_no_string_is_marked_twice_differently(marked: tuple[str, ...]) -> None:
    """Two spellings of one sentence would be translated twice, and drift apart."""

    def plain(message: str) -> str:
        return " ".join(re.sub(r"[“”\"'‘’]", "'", message).split())

    twice = [each for each, count in Counter(map(plain, marked)).items() if count > 1]
    assert twice == []


def test_what_is_marked_is_a_string_that_can_be_collected() -> None:
    """An f-string or a sum inside a mark is looked up under words that no catalogue can hold."""
    faults = [
        f"{path.relative_to(words.HOUSE)}:{call.lineno}"
        for room in words.ROOMS
        for path in sorted((words.HOUSE / room).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in words.MARKS
        and call.args
        and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert faults == []


def test_every_command_explains_itself_in_english() -> None:
    for command in COMMANDS:
        assert command.help("id").startswith(f"/{command.name}")
        assert command.help("en").startswith(f"/{command.alias}")
        assert command.help("en") != command.help("id")


class Visible(HTMLParser):
    """What a reader sees or hears of a page, apart from what is inserted into it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.found += [value for name, value in attrs if name in SEEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(ATTRIBUTE.sub(" ", data))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_says_nothing_that_is_not_marked(page: Path) -> None:
    visible = Visible()
    visible.feed(INSERTED.sub(" ", page.read_text("utf-8")))
    said = {" ".join(each.split()) for each in visible.found if LETTERS.search(each)}
    assert said - THE_SAME_IN_EVERY_LANGUAGE == set()


def inside_marks(tree: nodes.Template) -> set[int]:
    calls = (call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name))
    return {
        id(each)
        for call in calls
        if isinstance(call.node, nodes.Name) and call.node.name == "_"
        for each in (*call.args, *(child for arg in call.args for child in arg.find_all(nodes.Const)))
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_inserts_no_sentence_that_is_not_marked(page: Path) -> None:
    tree = Pages("id").parse(page.read_text("utf-8"))
    marks = inside_marks(tree)
    loose = {
        each.value
        for each in tree.find_all(nodes.Const)
        if isinstance(each.value, str) and id(each) not in marks and SENTENCE.search(each.value)
    }
    assert loose - CLASSES - THE_SAME_IN_EVERY_LANGUAGE == set()


def test_a_marked_string_is_said_in_english() -> None:
    assert translate("Tiket {number} sudah ditutup.", "en", number="1042") == "Ticket 1042 is already closed."
