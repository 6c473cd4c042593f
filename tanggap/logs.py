"""Structured logs for people or machines, without a word, token, phone or identity number of anybody."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

PRIVATE = frozenset(
    {"text", "words", "name", "phone", "sender", "token", "secret", "password", "raw", "address", "body"}
)
_LONG_NUMBER = re.compile(r"\+?\d[\d .\-]{7,}\d")
_TOKEN = re.compile(r"\b\d{6,}:[\w-]{20,}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


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
        without_private,
    ]
    exception = (
        structlog.processors.format_exc_info,
        without_private,
    )  # where it went wrong, never with what
    structlog.configure(
        processors=[*shared, *exception, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s", force=True)
    for noisy in ("httpx", "httpcore", "aiogram", "telegram", "twilio", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)


def without_private(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop fields that hold what people say or who they are, and mask what looks like it in the others."""
    for key, value in list(event.items()):
        if key in PRIVATE:
            event[key] = "…"
        elif isinstance(value, str) and key != "timestamp":
            event[key] = masked(value)
    return event


def masked(text: str) -> str:
    """Tokens, mail addresses and long numbers (phone, NIM, NIP, NIK) as an ellipsis."""
    return _LONG_NUMBER.sub("…", _MAIL.sub("…", _TOKEN.sub("…", text)))
