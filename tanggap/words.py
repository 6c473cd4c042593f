"""`make words`: collects every marked string of the house, keeps what is translated, and compiles the catalogues."""

import ast
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeVar

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from sop.language import CATALOGUES, DOMAIN, SOURCE, languages

HOUSE = CATALOGUES.parents[1]
ROOMS = ("sop", "store", "channels", "desk", "console", "bots", "tanggap")
METHODS = [
    ("bots/**.py", "tanggap.words:bot_strings"),
    *((f"{room}/**.py", "tanggap.words:strings") for room in ROOMS),
    ("console/pages/**.html", "jinja2"),
]
MARKS = {"_": None, "N_": None, "translate": None}
TITLE = (
    "# The words of tanggap in {language}. The source language is Indonesian; `make words` keeps this file."
)

Words = Mapping[str, str]
N = TypeVar("N", bound=ast.AST)


Found = Iterator[tuple[object, ...]]


def strings(file: BinaryIO, keywords: object, tags: object, options: object) -> Found:
    """What Babel finds in Python, and what stands marked within f-strings, where it does not look on every Python."""
    source = file.read()
    yield from extract_python(BytesIO(source), dict(MARKS), [], {})
    for text in _nodes(source, ast.JoinedStr):
        for call in (node for node in ast.walk(text) if isinstance(node, ast.Call)):
            said = call.args[0] if call.args else None
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name in MARKS and isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield call.lineno, name, said.value, []


def bot_strings(file: BinaryIO, keywords: object, tags: object, options: object) -> Found:
    """The commands' docstrings too: they are the bots' help lines."""
    source = file.read()
    yield from strings(BytesIO(source), keywords, tags, options)
    for node in _nodes(source, ast.FunctionDef, ast.AsyncFunctionDef):
        line = (ast.get_docstring(node) or "").strip()  # type: ignore[arg-type]  # one of these two
        if line.startswith("/"):
            yield node.lineno, "_", line, []


def _nodes(source: bytes, *kinds: type[N]) -> Iterator[N]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds))


def marked(house: Path = HOUSE) -> tuple[str, ...]:
    """Every marked string of Python files and pages, in order and once."""
    found = extract_from_dir(house, METHODS, {}, dict(MARKS))
    return tuple(sorted({message for _, _, message, _, _ in found if isinstance(message, str) and message}))


class Sheet(Catalog):
    """A catalogue whose head holds no dates, machines, or programs, so that the same words give the same file."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "tanggap"),
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def sheet(messages: tuple[str, ...], words: Words, language: str) -> Sheet:
    made = Sheet(locale=language, header_comment=TITLE.format(language=language), fuzzy=False)
    for message in messages:
        made.add(message, words.get(message, ""))
    return made


def place(language: str, ending: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.{ending}"


def translated(language: str) -> dict[str, str]:
    """What stands in the language's .po."""
    with place(language, "po").open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file) if each.id}


def written(made: Sheet) -> bytes:
    file = BytesIO()
    write_po(file, made, no_location=True, sort_output=True, width=0)
    return file.getvalue()


def compiled(made: Sheet) -> bytes:
    file = BytesIO()
    write_mo(file, made)
    return file.getvalue()


def main() -> int:
    """Rewrites the .po and .mo of every language; names what is still missing, and answers 1 then."""
    messages, missing = marked(), 0
    for language in languages:
        if language == SOURCE:
            continue
        made = sheet(messages, translated(language), language)
        place(language, "po").write_bytes(written(made))
        place(language, "mo").write_bytes(compiled(made))
        for each in made:
            if each.id and not each.string:
                missing += 1
                sys.stderr.write(f"{language}: {each.id!r}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
