"""A page on paper as PDF, where the library for it is installed (the extra `pdf`)."""

from importlib.util import find_spec
from typing import Any


class NoFetching(Exception):
    """Paper is made of what it was given, and nothing is loaded for it."""


def available() -> bool:
    return find_spec("weasyprint") is not None


def render(html: str, style: str) -> bytes:
    """The page with that style sheet. Takes about a second: call it on a thread of its own."""
    from weasyprint import CSS, HTML  # type: ignore[import-not-found,unused-ignore]  # the extra may be absent

    page = HTML(string=html, url_fetcher=_refuse)
    pdf: bytes = page.write_pdf(stylesheets=[CSS(string=style, url_fetcher=_refuse)])
    return pdf


def _refuse(url: str, *_: Any, **__: Any) -> Any:
    raise NoFetching(url.split(":", 1)[0])
