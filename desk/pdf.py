"""A page on paper as PDF, where the library for it is installed (the extra `pdf`)."""

from importlib.util import find_spec


def available() -> bool:
    return find_spec("weasyprint") is not None


def render(html: str, style: str) -> bytes:
    """The page with that style sheet. Takes about a second: call it on a thread of its own."""
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=())  # paper is made of what it was given: nothing is loaded for it
    page = HTML(string=html, url_fetcher=nothing)
    pdf: bytes = page.write_pdf(stylesheets=[CSS(string=style, url_fetcher=nothing)])
    return pdf
