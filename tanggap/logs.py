"""Structured logs for people or machines, without a word, token, phone or identity number of anybody."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TextIO, cast

import structlog

from sop.errors import DeskError

log = structlog.get_logger()
PRIVATE = frozenset(
    {"text", "words", "name", "phone", "sender", "token", "secret", "password", "raw", "address", "body"}
)
_LONG_NUMBER = re.compile(r"\+?\d[\d .\-]{7,}\d")
_TOKEN = re.compile(r"\b\d{6,}:[\w-]{20,}")
_ADDRESS = re.compile(r"(\b[a-z][a-z+]+://)[^\s'\"]+")  # with its password, token or query
_SECRET_PAGE = re.compile(r"(/(?:status|kasus|sandi|langganan|berhenti|hooks)/)[^\s'\"?]+")
_DETAIL = re.compile(r"\b(?:DETAIL|CONTEXT): .*", re.DOTALL)  # where PostgreSQL quotes the row
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


class Unbroken:
    """Standard error as it is at that moment. A line that cannot be written (a broken pipe, a full disk) stops no work."""

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


def configure(form: Literal["people", "json"] = "people", level: int = logging.INFO) -> None:
    """Every log line of ours and of the libraries goes through the same cleaning to stderr."""
    last: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        where_it_went_wrong,
        without_private,
    ]
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Unbroken())),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s", force=True)
    for noisy in ("httpx", "httpcore", "aiogram", "telegram", "twilio", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)


def form_of(setting: str) -> Literal["people", "json"]:
    """What `server.logs` means here: "auto" is for people on a terminal, and JSON for whatever collects it elsewhere."""
    if setting == "json" or (setting == "auto" and not sys.stderr.isatty()):
        return "json"
    return "people"


def taken_in(channel: str, ticket: int | None) -> None:
    """One line a message: with the request's id and the ticket's, by which what left for it is found."""
    log.info("message taken in", channel=channel, ticket=ticket)


def where_it_went_wrong(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """An exception as its kinds and places, never its words: a driver's hold values, a client's addresses with tokens."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = placed(error)
    return event


def placed(error: BaseException) -> str:
    """Every link of the chain, the first cause first, with file, line and function of each step."""
    told: list[str] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        steps = traceback.extract_tb(link.__traceback__)
        lines = [f"  {Path(each.filename).name}:{each.lineno} in {each.name}" for each in steps]
        lines += [line for each in getattr(link, "exceptions", ()) for line in placed(each).splitlines()]
        told.append("\n".join([*lines, _kind(link)]))
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n".join(reversed(told))


def _kind(error: BaseException) -> str:
    """Its class; of a rule of ours also the sentence with its holes open; of a database what it calls the fault."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    said = error.message if isinstance(error, DeskError) else ""
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or ""
    return " ".join(part for part in (kind, str(code), said) if part)


def without_private(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop fields that hold what people say or who they are, and mask what looks like it in the others."""
    for key, value in list(event.items()):
        if key in PRIVATE:
            event[key] = "…"
        elif isinstance(value, BaseException):
            event[key] = type(value).__name__
        elif isinstance(value, str) and key != "timestamp":
            event[key] = masked(value)
    return event


def masked(text: str) -> str:
    """Tokens, what an address asks or hides, mail addresses and long numbers (phone, NIM, NIP, NIK) as an ellipsis."""
    for private in (_ADDRESS, _SECRET_PAGE):
        text = private.sub(r"\1…", text)
    for private in (_DETAIL, _TOKEN, _MAIL, _LONG_NUMBER):
        text = private.sub("…", text)
    return text
