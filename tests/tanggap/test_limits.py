"""docs/limits.md says what the code does: made from its constants, each of which stands where the page says."""

from importlib import import_module
from pathlib import Path

from tanggap.limits import limits, page

ROOT = Path(__file__).parents[2]


def test_the_page_of_limits_is_made_of_the_codes_own() -> None:
    assert (ROOT / "docs" / "limits.md").read_text(encoding="utf-8") == page(), "python -m tanggap.limits"


def test_each_limit_stands_where_the_page_says() -> None:
    for limit in (each for found in limits().values() for each in found):
        file, _, names = limit.where.partition(" ")
        home = import_module(file.removesuffix(".py").replace("/", "."))
        for name in names.split(", "):
            assert hasattr(home, name), limit.where
