"""The pages of documentation hold together: links lead somewhere, named files and commands exist, each page can be reached."""

import re
from pathlib import Path

import pytest

from bench.__main__ import EVERY

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s#]+)[^)\s]*\)")
OUTSIDE = re.compile(r"https?:|mailto:")
NAMED = re.compile(r"`([a-z_]+/[a-z0-9_/.-]+\.(?:py|md|css|yaml|txt))`")
BUILT = {"docs/add-a-channel.md", "docs/add-an-sop.md"}
"""They name the files that their reader makes; tests build them from the text."""


def links(page: Path) -> list[Path]:
    """The files of ours that a page leads to."""
    found = LINK.findall(page.read_text(encoding="utf-8"))
    return [(page.parent / each).resolve() for each in found if not OUTSIDE.match(each)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_leads_only_to_what_is_there(page: Path) -> None:
    assert [each for each in links(page) if not each.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_files_and_commands_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    if str(page.relative_to(ROOT)) not in BUILT:
        assert [name for name in NAMED.findall(text) if not (ROOT / name).exists()] == []
    assert [name for name in re.findall(r"`make (\w+)", text) if f"\n{name}:" not in makefile] == []
    assert set(re.findall(r"python -m bench ([\w-]+)", text)) <= set(EVERY)


def test_every_page_is_reached_from_the_readme() -> None:
    reached, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        reached.add(page)
        further = [each / "*.md" if each.is_dir() else each for each in links(page)]
        pages = [one for each in further for one in each.parent.glob(each.name) if one.suffix == ".md"]
        ahead += [each for each in pages if each not in reached]

    assert sorted(str(page.relative_to(ROOT)) for page in set(PAGES) - reached) == []
