"""What Twilio knows: messages both ways, their media, approved content, and when each person last wrote."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from demo.memory import Json, Memory

API = "2010-04-01"
WINDOW = timedelta(hours=24)


class Account:
    """One account with one WhatsApp sender. Addresses are Twilio's: "whatsapp:+62...", or "whatsapp:" and an id."""

    def __init__(self, folder: Path, clock: Callable[[], datetime], sid: str, sender: str) -> None:
        self.memory = Memory(folder / "twilio.db")
        self.files = folder / "twilio-files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.clock = clock
        self.sid = sid
        self.sender = sender

    def new_sid(self, prefix: str) -> str:
        """34 signs as Twilio's, never twice."""
        number = self.memory.next(f"sid/{prefix}")
        return prefix + hashlib.md5(f"{self.sid}/{number}".encode(), usedforsecurity=False).hexdigest()

    def add_message(self, direction: str, person: str, body: str, **facts: object) -> Json:
        inbound = direction == "inbound"
        message: Json = {
            "sid": self.new_sid("SM"),
            "direction": direction,
            "from": person if inbound else self.sender,
            "to": self.sender if inbound else person,
            "body": body,
            "status": "received" if inbound else "queued",
            "at": self.clock().isoformat(),
            "media": [],
            "error_code": None,
            "error_message": None,
            **facts,
        }
        if inbound:
            known = self.memory.get("person", person) or {"address": person}
            self.memory.put("person", person, known | {"last_inbound": message["at"]})
        return self.memory.put("message", message["sid"], message)

    def messages(self) -> list[Json]:
        """Oldest first."""
        return self.memory.all("message")

    def window_open(self, person: str) -> bool:
        """Free text may go until 24 hours after the person's last word."""
        last = (self.memory.get("person", person) or {}).get("last_inbound")
        return last is not None and self.clock() - datetime.fromisoformat(last) < WINDOW

    def keep_media(self, message: Json, content: bytes, content_type: str, name: str) -> Json:
        media = {
            "sid": self.new_sid("ME"),
            "content_type": content_type,
            "name": name,
            "parent": message["sid"],
        }
        (self.files / str(media["sid"])).write_bytes(content)
        self.memory.put("media", str(media["sid"]), media)
        message["media"] = [*message["media"], media["sid"]]
        self.memory.put("message", message["sid"], message)
        return media

    def media_bytes(self, sid: str) -> bytes:
        return (self.files / sid).read_bytes()

    def add_content(
        self, name: str, body: str, *, language: str = "id", buttons: Iterable[tuple[str, str]] = ()
    ) -> Json:
        """A template with {{1}} holes; `buttons` are (title, id). It must be approved before it opens a window."""
        actions = [{"type": "QUICK_REPLY", "title": title, "id": key} for title, key in buttons]
        kind = "twilio/quick-reply" if actions else "twilio/text"
        content: Json = {
            "sid": self.new_sid("HX"),
            "friendly_name": name,
            "language": language,
            "variables": {},
        }
        content["types"] = {kind: {"body": body} | ({"actions": actions} if actions else {})}
        content |= {"approval": "unsubmitted", "category": "", "at": self.clock().isoformat()}
        return self.memory.put("content", content["sid"], content)

    def approve(self, sid: str, status: str = "approved") -> None:
        """WhatsApp's word on a template: received, pending, approved, rejected, paused or disabled."""
        content = self.memory.get("content", sid)
        if content is None:
            raise KeyError(sid)
        self.memory.put("content", sid, content | {"approval": status})


def rfc2822(at: str) -> str:
    return format_datetime(datetime.fromisoformat(at))


def message_json(account: Account, message: Json) -> Json:
    """The Message resource as the REST API shows it."""
    path = f"/{API}/Accounts/{account.sid}/Messages/{message['sid']}"
    return {
        "account_sid": account.sid,
        "api_version": API,
        "body": message["body"],
        "date_created": rfc2822(message["at"]),
        "date_sent": rfc2822(message["at"]),
        "date_updated": rfc2822(message["at"]),
        "direction": message["direction"],
        "error_code": message["error_code"],
        "error_message": message["error_message"],
        "from": message["from"],
        "messaging_service_sid": None,
        "num_media": str(len(message["media"])),
        "num_segments": "1",
        "price": None,
        "price_unit": None,
        "sid": message["sid"],
        "status": message["status"],
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": message["to"],
        "uri": f"{path}.json",
    }


def content_json(account: Account, content: Json, base: str) -> Json:
    """The Content resource."""
    at = datetime.fromisoformat(content["at"]).strftime("%Y-%m-%dT%H:%M:%SZ")
    url = f"{base}/v1/Content/{content['sid']}"
    links = {
        "approval_create": f"{url}/ApprovalRequests/whatsapp",
        "approval_fetch": f"{url}/ApprovalRequests",
    }
    shown = {key: content[key] for key in ("sid", "friendly_name", "language", "variables", "types")}
    return {
        "account_sid": account.sid,
        "date_created": at,
        "date_updated": at,
        "url": url,
        "links": links,
        **shown,
    }


def approval_json(content: Json) -> Json:
    return {
        "name": content["friendly_name"],
        "category": content["category"],
        "content_type": next(iter(content["types"])),
        "status": content["approval"],
        "rejection_reason": "" if content["approval"] != "rejected" else "INVALID_FORMAT",
        "allow_category_change": True,
    }
