"""The person's side of WhatsApp, as the signed forms that Twilio makes of it."""

from demo.memory import Json
from demo.twilio_memory import API, Account
from demo.twilio_push import Pusher
from demo.twilio_rules import ADDRESS

KINDS = {"image": "image", "audio": "audio", "video": "video"}


class Phone:
    """The phones of all people. `who` is an address: "whatsapp:+62..." or "whatsapp:ID.abc". Each act answers a sid."""

    def __init__(self, account: Account, pusher: Pusher, hook: str) -> None:
        self._account = account
        self._pusher = pusher
        self._hook = hook
        self.api_url = "https://api.twilio.com"

    def person(self, who: str, name: str = "Sari", *, external: str = "") -> str:
        """A number ("+62812...") or, for people who hide theirs, an id such as "ID.7f3a"; answers the address.

        `external` is the ExternalUserId that Twilio adds when a person has one beside the number.
        """
        address = who if who.startswith("whatsapp:") else f"whatsapp:{who}"
        if not ADDRESS.fullmatch(address):
            raise ValueError(f"not a WhatsApp address: {address}")
        known = self._account.memory.get("person", address) or {"address": address, "blocked": False}
        if not address.startswith("whatsapp:+"):
            external = address.removeprefix("whatsapp:")
        self._account.memory.put("person", address, known | {"name": name, "external": external})
        return address

    def write(self, who: str, text: str, *, reply: str = "") -> str:
        return self._say(who, text, {"MessageType": "text"}, reply)

    def media(
        self, who: str, content: bytes, content_type: str, *, name: str = "berkas", caption: str = ""
    ) -> str:
        kind = KINDS.get(content_type.partition("/")[0], "document")
        return self._say(who, caption, {"MessageType": kind}, "", (content, content_type, name))

    def location(
        self, who: str, latitude: float, longitude: float, *, label: str = "", address: str = ""
    ) -> str:
        place = {"MessageType": "location", "Latitude": str(latitude), "Longitude": str(longitude)}
        return self._say(who, "", place | {"Label": label, "Address": address}, "")

    def press(self, who: str, sid: str, key: str) -> str:
        """Press the button with this id (or title) under a message of the desk's."""
        message = self._account.memory.get("message", sid) or {}
        for button in message.get("buttons", ()):
            if key in (button["id"], button["title"]):
                pressed = {
                    "MessageType": "button",
                    "ButtonText": button["title"],
                    "ButtonPayload": button["id"],
                }
                return self._say(who, button["title"], pressed, sid)
        raise ValueError(f"message {sid} has no button {key!r}")

    def pick(self, who: str, key: str, title: str, *, reply: str = "") -> str:
        """Choose a row of a list message."""
        chosen = {"MessageType": "interactive", "ListId": key, "ListTitle": title, "ListDescription": ""}
        return self._say(who, title, chosen, reply)

    def block(self, who: str, blocked: bool = True) -> None:
        known = self._account.memory.get("person", who) or {"address": who}
        self._account.memory.put("person", who, known | {"blocked": blocked})

    def again(self, sid: str) -> None:
        """Twilio tells the desk of the same message once more."""
        message = self._account.memory.get("message", sid)
        assert message is not None
        self._pusher.push(message["from"], self._hook, message["form"])

    def form(self, sid: str) -> dict[str, str]:
        """The form that was pushed for this message."""
        message = self._account.memory.get("message", sid)
        assert message is not None
        return dict(message["form"])

    def _say(
        self,
        who: str,
        text: str,
        facts: dict[str, str],
        reply: str,
        media: tuple[bytes, str, str] | None = None,
    ) -> str:
        person = self._account.memory.get("person", self.person(who) if not self._known(who) else who)
        assert person is not None
        message = self._account.add_message("inbound", person["address"], text)
        if media is not None:
            self._account.keep_media(message, *media)
        form = {**self._head(person, message), **facts, "Body": text, **self._media(message)}
        if reply:
            form |= {"OriginalRepliedMessageSid": reply, "OriginalRepliedMessageSender": self._account.sender}
        message["form"] = form
        self._account.memory.put("message", message["sid"], message)
        self._pusher.push(person["address"], self._hook, form)
        return str(message["sid"])

    def _known(self, who: str) -> bool:
        return "name" in (self._account.memory.get("person", who) or {})

    def _head(self, person: Json, message: Json) -> dict[str, str]:
        sid = message["sid"]
        head = {
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "MessageSid": sid,
            "SmsStatus": "received",
            "ApiVersion": API,
        }
        head |= {"AccountSid": self._account.sid, "From": person["address"], "To": self._account.sender}
        head |= {"ProfileName": person["name"], "NumSegments": "1", "ReferralNumMedia": "0"}
        if person["address"].startswith("whatsapp:+"):
            head["WaId"] = person["address"].removeprefix("whatsapp:+")
        if person["external"]:
            head["ExternalUserId"] = person["external"]
        return head

    def _media(self, message: Json) -> dict[str, str]:
        found = {"NumMedia": str(len(message["media"]))}
        base = f"{self.api_url}/{API}/Accounts/{self._account.sid}/Messages/{message['sid']}/Media"
        for index, sid in enumerate(message["media"]):
            media = self._account.memory.get("media", sid) or {}
            found |= {f"MediaUrl{index}": f"{base}/{sid}", f"MediaContentType{index}": media["content_type"]}
        return found
