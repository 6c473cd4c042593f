"""HTML of a mail as text. Quotations get the "> " of plain mails, so that one module folds both."""

import re
from html import unescape

from inscriptis import get_text

MAX_HTML = 300_000  # characters inscriptis is given; beyond it tags are merely cut out
_OPEN, _CLOSE = "\ue000", "\ue001"
_BLOCKQUOTE = re.compile(r"<(/?)blockquote\b([^<>]*)>", re.IGNORECASE)
_INDENT = re.compile(r"border(-left)?:\s*(none|0)", re.IGNORECASE)
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|title)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_BLOCK = re.compile(r"</?(p|div|br|tr|li|h[1-6]|table|ul|ol|hr|pre)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_BLANKS = re.compile(r"\n[ \t]*(\n[ \t]*)+\n")


def text_of(html: str) -> str:
    """The words of a page in reading order. Never fails; a page too strange for layout keeps its words."""
    marked = _mark_quotes(html.replace(_OPEN, "").replace(_CLOSE, ""))
    plain = _cut(marked)
    laid_out = _lay_out(marked) if len(html) <= MAX_HTML else ""
    best = laid_out if _letters(laid_out) >= 0.9 * _letters(plain) else plain
    lines = "\n".join(line.rstrip() for line in _quoted(best).split("\n"))
    return _BLANKS.sub("\n\n", lines).strip("\n")


def _lay_out(html: str) -> str:
    try:
        return str(get_text(html))
    except Exception:  # lxml and inscriptis raise many kinds on hostile pages; the words are cut out instead
        return ""


def _cut(html: str) -> str:
    text = _TAG.sub("", _BLOCK.sub("\n", _HIDDEN.sub("", html)))
    return unescape(text).replace("\xa0", " ")


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _mark_quotes(html: str) -> str:
    """Write a mark on a line of its own where a quotation begins and ends; mere indentation is left alone."""
    open_quotes: list[bool] = []

    def mark(tag: re.Match[str]) -> str:
        if tag[1]:
            cited = open_quotes.pop() if open_quotes else False
            return f"{tag[0]}<div>{_CLOSE}</div>" if cited else tag[0]
        cited = "cite" in tag[2].lower() or "quote" in tag[2].lower() or not _INDENT.search(tag[2])
        open_quotes.append(cited)
        return f"<div>{_OPEN}</div>{tag[0]}" if cited else tag[0]

    return _BLOCKQUOTE.sub(mark, html)


def _quoted(text: str) -> str:
    lines, depth = [], 0
    for line in text.split("\n"):
        depth = max(0, depth + line.count(_OPEN) - line.count(_CLOSE))
        words = line.replace(_OPEN, "").replace(_CLOSE, "")
        if words.strip() or words == line:
            lines.append(f"{'> ' * min(depth, 20)}{words.strip()}" if depth else words)
    return "\n".join(lines)
