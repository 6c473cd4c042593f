"""What Telegram refuses: every request is held against aiogram's own methods, and against the limits in prose."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, get_args

from demo.memory import Json
from demo.telegram_html import BadMarkup, parse_html, units

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CALLBACK_BYTES = 64
DOWNLOAD_LIMIT = 20 * 1024 * 1024
_NUMBER = re.compile(r"-?\d+")


class ApiError(Exception):
    """An answer with ok: false."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


def bad(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


@dataclass(frozen=True)
class Upload:
    """A file of a multipart request."""

    name: str
    content_type: str
    content: bytes


@dataclass
class Call:
    """One request of a bot, valid for its method. `status` is what it was answered, 0 when it got no answer."""

    token: str
    method: str
    params: Json
    uploads: dict[str, Upload] = field(default_factory=dict)
    status: int = 0

    @property
    def chat(self) -> str:
        return str(self.params.get("chat_id", ""))


@dataclass(frozen=True)
class Library:
    """The parts of aiogram that requests and updates are held against: methods by lower-case name, and models."""

    methods: dict[str, Any]
    upload: Any
    update: Any
    keyboard: Any


@lru_cache(maxsize=1)
def library() -> Library:
    """The import takes seconds: `Telegram` calls it in a thread."""
    from aiogram import methods
    from aiogram.types import InlineKeyboardMarkup, InputFile, Update

    class Received(InputFile):
        """Stands in a validated request for the upload that came with it."""

        def read(self, bot: Any) -> Any:
            raise NotImplementedError

    base: Any = methods.TelegramMethod
    kinds: list[Any] = [
        kind for kind in vars(methods).values() if isinstance(kind, type) and issubclass(kind, base)
    ]
    by_name = {kind.__api_method__.lower(): kind for kind in kinds if kind is not base}
    return Library(by_name, Received, Update, InlineKeyboardMarkup)


def check_update(update: Json) -> None:
    """Raises pydantic's ValidationError when aiogram could not read the update."""
    library().update.model_validate(update)


def read_call(token: str, name: str, given: Mapping[str, Any], uploads: dict[str, Upload]) -> Call:
    """The request as aiogram's model of the method understands it. Raises ApiError 404, 400."""
    known = library()
    kind = known.methods.get(name.lower())
    if kind is None:
        raise ApiError(404, "Not Found: method not found")
    params = {key: _plain(kind, key, value) for key, value in given.items()}
    seen = {key: known.upload(up.name) for key, up in uploads.items() if key in kind.model_fields}
    try:
        model = kind.model_validate(params | seen)
        _check_markup(params.get("reply_markup"))
    except ValueError as problem:
        raise bad(_words(problem)) from None
    for key, value in params.items():
        if key in kind.model_fields and isinstance(value, str):
            params[key] = getattr(model, key)
    return Call(token, kind.__api_method__, params, uploads)


def _plain(kind: Any, key: str, value: Any) -> Any:
    """A form's string as the JSON it stands for, where the method does not want a string."""
    if not isinstance(value, str) or key not in kind.model_fields:
        return value
    wanted = kind.model_fields[key].annotation
    choices = get_args(wanted) or (wanted,)
    if int in choices and _NUMBER.fullmatch(value):
        return int(value)
    if wanted is str or (str in choices and "list" not in str(wanted).split("[")[0]):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _words(problem: ValueError) -> str:
    errors: Any = getattr(problem, "errors", list)()
    if not errors:
        return str(problem)
    first = errors[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"parameter {place} is required" if place != "text" else "message text is empty"
    return f"can't parse parameter {place}: {first['msg']}"


def _check_markup(markup: Any) -> None:
    """An inline keyboard in itself: in the method's union any object passes for some other keyboard."""
    if not isinstance(markup, dict) or "inline_keyboard" not in markup:
        return
    library().keyboard.model_validate(markup)
    for row in markup["inline_keyboard"]:
        for button in row:
            data = button.get("callback_data")
            if data is not None and not 1 <= len(str(data).encode()) <= CALLBACK_BYTES:
                raise bad("BUTTON_DATA_INVALID")
            if not any(key not in ("text", "style", "icon_custom_emoji_id") for key in button):
                raise bad("Text buttons are unallowed in the inline keyboard")


def formatted(params: Json, name: str, limit: int) -> tuple[str, list[Json]]:
    """The words to show and their entities. Raises ApiError: too long, or markup that does not parse."""
    source = str(params.get(name) or "")
    mode = str(params.get("parse_mode") or "").upper()
    entities = list(params.get("entities" if name == "text" else "caption_entities") or [])
    text = source
    if mode == "HTML":
        try:
            text, entities = parse_html(source)
        except BadMarkup as problem:
            raise bad(f"can't parse entities: {problem}") from None
    elif mode:
        raise bad(f"unsupported parse_mode {mode}; this simulator reads HTML only")
    if "\0" in text or any(0xD800 <= ord(sign) <= 0xDFFF for sign in text):
        raise bad("strings must be encoded in UTF-8")
    if units(text) > limit:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    return text, entities
