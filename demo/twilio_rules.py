"""What Twilio refuses, in its codes: at once as a 4xx, or later as a failed status."""

import base64
import binascii
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

from demo.memory import Json
from demo.twilio_memory import Account

BODY_LIMIT = 1600
MEDIA_LIMIT = 16 * 1024 * 1024
ADDRESS = re.compile(r"whatsapp:(\+[1-9]\d{6,14}|[A-Z]{2}\.[A-Za-z0-9]+)")
WORDS = {
    63016: "Failed to send freeform message because you are outside the allowed window. Please use a Template.",
    63019: "Media failed to download",
    63024: "Invalid message recipient",
}


class Refused(Exception):
    """An error answer of the REST API."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> Json:
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": self.message, "more_info": more, "status": self.status}


@dataclass(frozen=True)
class Order:
    """A valid request to send: what the person will read, and whether it may go outside the window."""

    to: str
    body: str
    media: tuple[str, ...]
    callback: str
    template: bool
    buttons: tuple[Json, ...] = ()
    content: str = ""


def check_auth(header: str, sid: str, token: str) -> None:
    """Raises Refused 401 unless the Basic credentials are the account's."""
    scheme, _, word = header.partition(" ")
    try:
        given = base64.b64decode(word, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        given = ""
    if not hmac.compare_digest(given.encode(), f"{sid}:{token}".encode()):
        raise Refused(401, 20003, "Authenticate")


def read_order(account: Account, form: dict[str, list[str]]) -> Order:
    """Raises Refused 400 as Twilio would before it accepts the message."""
    one = {key: values[-1] for key, values in form.items()}
    to, sender = one.get("To", ""), one.get("From", "")
    if not to:
        raise Refused(400, 21604, "A 'To' phone number is required.")
    if not sender and not one.get("MessagingServiceSid"):
        raise Refused(400, 21603, "A 'From' phone number is required.")
    if sender and sender != account.sender:
        raise Refused(400, 63007, "Twilio could not find a Channel with the specified From address")
    if not ADDRESS.fullmatch(to):
        raise Refused(400, 21211, f"Invalid 'To' Phone Number: {to}")
    media = tuple(form.get("MediaUrl", ()))
    if any(not url.startswith(("http://", "https://")) for url in media):
        raise Refused(400, 21620, "Invalid media URL(s)")
    if len(media) > 1:
        raise Refused(400, 21623, "Number of media files exceeds allowed limit")
    callback = one.get("StatusCallback", "")
    if callback and not callback.startswith(("http://", "https://")):
        raise Refused(400, 21609, f"The 'StatusCallback' URL {callback} is not a valid URL.")
    if one.get("ContentSid"):
        return _template(account, to, callback, one)
    body = one.get("Body", "")
    if not body and not media:
        raise Refused(400, 21619, "A text message body or media urls must be specified.")
    if len(body) > BODY_LIMIT:
        raise Refused(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    return Order(to, body, media, callback, template=False)


def _template(account: Account, to: str, callback: str, one: dict[str, str]) -> Order:
    content = account.memory.get("content", one["ContentSid"])
    if content is None:
        raise Refused(404, 20404, f"The requested resource {one['ContentSid']} was not found")
    try:
        variables: Any = json.loads(one.get("ContentVariables") or "{}")
    except ValueError:
        variables = None
    if not isinstance(variables, dict) or not all(
        isinstance(value, str) and value for value in variables.values()
    ):
        raise Refused(400, 21656, "The ContentVariables Parameter is invalid")
    part: Json = next(iter(content["types"].values()))
    body = re.sub(r"{{(\w+)}}", lambda hole: str(variables.get(hole[1], hole[0])), part["body"])
    approved = content["approval"] == "approved"
    return Order(to, body, (), callback, approved, tuple(part.get("actions", ())), content["sid"])
