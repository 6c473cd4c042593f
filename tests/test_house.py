"""The floor plan of the house, kept by a test: who stands on whom, and where each library lives."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

MAY_IMPORT = {
    "sop": {"sop"},
    "store": {"sop", "store"},
    "channels": {"sop"},
    "desk": {"sop", "store", "desk"},
    "bots": {"sop", "store", "desk", "bots"},
    "console": {"sop", "store", "desk", "console"},
    "demo": {"demo"},
    "tanggap": {"sop", "store", "channels", "desk", "bots", "console", "demo", "tanggap"},
}
SOP_STANDS_ON = {"sop", "msgspec", "yaml", "holidays", "phonenumbers"}
HOMES = {
    "aiogram": {"channels", "demo"},
    "aiosmtpd": {"demo"},
    "aiosmtplib": {"channels", "demo"},
    "aiosqlite": {"store"},
    "alembic": {"store"},
    "apscheduler": {"desk", "tanggap"},
    "authlib": {"console"},
    "cryptography": {"desk"},
    "holidays": {"sop"},
    "imap_tools": {"channels"},
    "inscriptis": {"channels"},
    "jinja2": {"console", "desk", "demo"},
    "nh3": {"console", "bots"},
    "phonenumbers": {"sop"},
    "psycopg": {"store"},
    "rich": {"tanggap"},
    "sqlalchemy": {"store"},
    "sqlite3": {"store", "demo"},
    "starlette": {"console", "demo", "tanggap"},
    "telegram": {"bots", "demo"},
    "twilio": {"channels", "demo"},
    "typer": {"tanggap"},
    "uvicorn": {"tanggap"},
    "weasyprint": {"desk"},
    "xlsxwriter": {"desk"},
}
HEAVY = {
    "PIL",
    "aiogram",
    "aiosmtpd",
    "alembic",
    "apscheduler",
    "authlib",
    "cryptography",
    "holidays",
    "httpx",
    "joserfc",
    "phonenumbers",
    "puremagic",
    "segno",
    "structlog",  # tanggap/light.py, without rich
    "telegram",
    "twilio",
    "weasyprint",
}
SHARED_BY_CHANNELS = {"certificate", "pace", "webhook"}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
LONGEST_FUNCTION = 60
LONGEST_FILE = 400


@lru_cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def files(*rooms: str) -> list[Path]:
    """The code of these rooms; migrations are written once and kept as they ran."""
    found = (path for room in rooms for path in (ROOT / room).rglob("*.py"))
    return sorted(path for path in found if "versions" not in path.parts)


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def modules(node: ast.AST) -> list[str]:
    """The dotted modules that an import statement names, or nothing."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def imports(path: Path) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree(path)):
        for module in modules(node):
            yield node, module.partition(".")[0]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imports_inside_functions(path: Path) -> set[tuple[str, str]]:
    """Place and dotted module of each import that waits for a call."""
    return {
        (place(path, node), module)
        for function in functions(path)
        for node in ast.walk(function)
        for module in modules(node)
    }


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_stands_only_on_the_rooms_below_it(room: str) -> None:
    wrong = [
        f"{place(path, node)} imports {top}"
        for path in files(room)
        for node, top in imports(path)
        if top in MAY_IMPORT and top not in MAY_IMPORT[room] and not is_of_one_channel(path, node)
    ]
    assert wrong == []


def is_of_one_channel(path: Path, node: ast.AST) -> bool:
    """`channels/mail_parse.py` belongs to `channels/mail.py`: the name before the first underscore is the channel."""
    own = {path.stem.partition("_")[0], *SHARED_BY_CHANNELS}
    parts = [module.split(".") for module in dotted(node)]
    return room_of(path) == "channels" and all(
        room == "channels" and names and names[0].partition("_")[0] in own for room, *names in parts
    )


def dotted(node: ast.AST) -> list[str]:
    """Modules of an import with the imported names joined: `from channels import mail` is `channels.mail`."""
    if isinstance(node, ast.ImportFrom) and node.module and "." not in node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return modules(node)


def test_the_sop_stands_on_four_libraries_and_the_standard_one() -> None:
    wrong = [
        f"{place(path, node)} imports {top}"
        for path in files("sop")
        for node, top in imports(path)
        if top not in SOP_STANDS_ON and top not in sys.stdlib_module_names
    ]
    assert wrong == []


def test_each_library_lives_in_its_one_home() -> None:
    wrong = [
        f"{place(path, node)} imports {top}"
        for path in files(*MAY_IMPORT)
        for node, top in imports(path)
        if top in HOMES and room_of(path) not in HOMES[top]
    ]
    assert wrong == []


def test_an_import_waits_inside_a_function_only_for_a_heavy_library() -> None:
    wrong = [
        f"{where} imports {module}"
        for path in files(*MAY_IMPORT)
        for where, module in imports_inside_functions(path)
        if module.partition(".")[0] not in HEAVY
    ]
    assert wrong == []


def test_the_sop_neither_waits_nor_asks_for_the_time_nor_logs() -> None:
    waits = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    wrong = [
        place(path, node)
        for path in files("sop")
        for node in ast.walk(tree(path))
        if (isinstance(node, waits) and not is_in_protocol(path, node)) or "logging" in modules(node)
    ]
    assert wrong == []


def is_in_protocol(path: Path, node: ast.AST) -> bool:
    """A Protocol only says what a room above will do."""
    return any(
        node in ast.walk(parent)
        for parent in ast.walk(tree(path))
        if isinstance(parent, ast.ClassDef) and any(ast.unparse(base) == "Protocol" for base in parent.bases)
    )


def test_only_the_wiring_asks_for_the_time() -> None:
    """The clock is one injected callable; `demo` is a counterparty and gets the same one."""
    wrong = [
        f"{place(path, node)} {ast.unparse(node)}"
        for path in files(*(MAY_IMPORT.keys() - {"tanggap"}))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and (ast.unparse(node.value).rpartition(".")[2], node.attr) in CLOCKS
    ]
    assert wrong == []


def acts(path: Path) -> set[str]:
    """Names in a file that come from the desk: modules of acts, and acts."""
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (node.module if isinstance(node, ast.ImportFrom) and node.module else alias.name).partition(".")[0]
        == "desk"
    }


def writes(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(tree(path)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "write"
            and re.search(r"(^|[._])(db|database)$", ast.unparse(node.func.value))
        ):
            yield node


def test_only_acts_of_the_desk_write() -> None:
    """In the desk itself any function may be carried; elsewhere it has to come from there."""
    wrong = [
        f"{place(path, call)} {ast.unparse(call)}"
        for path in files("bots", "console", "tanggap", "channels", "store")
        for call in writes(path)
        if not call.args or ast.unparse(call.args[0]).partition(".")[0] not in acts(path)
    ]
    assert wrong == []


def test_no_function_outgrows_a_screen_and_no_file_a_reader() -> None:
    long = [
        f"{place(path, function)} {function.name}"
        for path in files(*MAY_IMPORT, "bench")
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    thick = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in files(*MAY_IMPORT, "bench")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    assert long + thick == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in files(*MAY_IMPORT)
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert silent == []


@pytest.mark.parametrize("name", ["run", "dev"])
def test_pins_hold_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[\w.-]+(?:\[.*\])?==)", text, flags=re.MULTILINE)[1:]

    assert "://" not in text
    assert len(blocks) == len(pins(name)) > 0
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(
    ("name", "extras"),
    [("run", ("demo", "build")), ("dev", ("demo", "build", "postgres", "sso", "backup", "pdf", "dev"))],
)
def test_every_requirement_is_pinned(name: str, extras: tuple[str, ...]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(item for extra in extras for item in project["optional-dependencies"][extra]),
    ]
    pinned = set(pins(name))

    assert [item for item in wanted if plain(re.split(r"[\[<>=;,\s]", item)[0]) not in pinned] == []


def test_tests_run_on_what_users_run_on() -> None:
    run, dev = pins("run"), pins("dev")

    assert {name: (version, dev.get(name)) for name, version in run.items() if dev.get(name) != version} == {}


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {
        plain(found[1]): found[2]
        for found in re.finditer(r"^([\w.-]+)(?:\[.*\])?==(\S+)", text, re.MULTILINE)
    }


def plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
