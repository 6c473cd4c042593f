"""What Telegram knows: bots, people, chats, topics, messages, files, and the updates each bot has not fetched yet."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from demo.memory import Json, Memory
from demo.telegram_rules import ApiError, bad, check_update

UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
GROUPS = {"group", "supergroup"}


class World:
    """Rooms: a private chat belongs to one bot and one person, a group to all its members."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self.memory = Memory(folder / "telegram.db")
        self.files = folder / "telegram-files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.clock = clock
        self._rooms: dict[str, list[int]] = {}
        for kept in self.memory.all("message"):
            self._rooms.setdefault(kept["room"], []).append(kept["message"]["message_id"])
        self._listeners: list[Callable[[str], None]] = []

    def now(self) -> int:
        return int(self.clock().timestamp())

    def on_update(self, listener: Callable[[str], None]) -> None:
        """`listener(token)` hears of every new update and webhook."""
        self._listeners.append(listener)

    def tell(self, token: str) -> None:
        for listener in self._listeners:
            listener(token)

    def add_bot(self, token: str, username: str, name: str) -> Json:
        bot = self.memory.get("bot", token) or {
            "token": token,
            "webhook": {},
            "allowed": None,
            "commands": [],
        }
        bot |= {"id": int(token.partition(":")[0]), "username": username, "first_name": name}
        return self.memory.put("bot", token, bot)

    def bot(self, token: str) -> Json:
        """Raises ApiError 401 for a token BotFather never gave."""
        bot = self.memory.get("bot", token)
        if bot is None:
            raise ApiError(401, "Unauthorized")
        return bot

    def person(self, user: int) -> Json:
        found = self.memory.get("person", user)
        if found is None:
            raise KeyError(f"nobody has the id {user}")
        return found

    def group(self, chat: int) -> Json:
        found = self.memory.get("chat", chat)
        if found is None:
            raise KeyError(f"no group has the id {chat}")
        return found

    def find_chat(self, token: str, chat: int | str) -> Json:
        """The Chat object as the bot sees it. Raises ApiError when it may not write there, or the chat has moved."""
        if isinstance(chat, str):
            chat = next(
                (group["id"] for group in self.memory.all("chat") if f"@{group.get('username')}" == chat), 0
            )
        group = self.memory.get("chat", chat)
        if group is not None:
            return self._open_group(token, group)
        person = self.memory.get("person", chat)
        if person is None or token not in person["met"]:
            raise bad("chat not found")
        if token in person["blocked"]:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return private_chat(person)

    def _open_group(self, token: str, group: Json) -> Json:
        if group.get("moved_to"):
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=group["moved_to"],
            )
        if token not in group["bots"]:
            raise ApiError(403, f"Forbidden: bot is not a member of the {group['type']} chat")
        return group_chat(group)

    def room(self, token: str, chat: int) -> str:
        return f"{token}/{chat}" if chat > 0 else str(chat)

    def add_message(self, room: str, chat: Json, sender: Json | None, **content: Any) -> Json:
        """A new message under an id that no other message of any chat has."""
        message: Json = {"message_id": self.memory.next("message"), "date": self.now(), "chat": chat}
        if sender is not None:
            message["from"] = sender
        message |= {key: value for key, value in content.items() if value not in (None, [], "")}
        self.memory.put("message", message["message_id"], {"room": room, "message": message})
        self._rooms.setdefault(room, []).append(message["message_id"])
        return message

    def find_message(self, room: str, message_id: int) -> Json | None:
        kept = self.memory.get("message", message_id)
        return kept["message"] if kept and kept["room"] == room and not kept.get("deleted") else None

    def keep_message(self, message: Json) -> None:
        kept = self.memory.get("message", message["message_id"])
        assert kept is not None
        self.memory.put("message", message["message_id"], kept | {"message": message})

    def delete_message(self, message_id: int) -> None:
        kept = self.memory.get("message", message_id)
        if kept is not None:
            self.memory.put("message", message_id, kept | {"deleted": True})

    def messages(self, room: str) -> list[Json]:
        return [found for number in self._rooms.get(room, ()) if (found := self.find_message(room, number))]

    def add_update(self, token: str, kind: str, content: Json) -> int | None:
        """The update's id, or None when the bot did not ask for this kind."""
        bot = self.memory.get("bot", token)
        if bot is None or not wants(bot, kind):
            return None
        number = self.memory.next(f"update/{token}", 100_000_001)
        update = {"update_id": number, kind: content}
        check_update(update)
        self.memory.put(f"update/{token}", number, update)
        self.tell(token)
        return number

    def waiting(self, token: str) -> list[Json]:
        return self.memory.all(f"update/{token}")

    def forget_before(self, token: str, offset: int) -> None:
        for update in self.waiting(token):
            if update["update_id"] < offset:
                self.memory.drop(f"update/{token}", update["update_id"])

    def keep_file(self, content: bytes, name: str, content_type: str) -> Json:
        number = self.memory.next("file")
        ending = Path(name).suffix[:12] or ".bin"
        path = f"files/file_{number}{ending}"
        (self.files / f"{number}").write_bytes(content)
        file: Json = {"file_id": f"AgACAg{number:08d}", "file_unique_id": f"AQAD{number:06d}"}
        file |= {"file_size": len(content)}
        kept = {"file": file, "path": path, "name": name, "content_type": content_type, "number": number}
        return self.memory.put("file", str(file["file_id"]), kept)

    def file_bytes(self, path: str) -> bytes | None:
        for kept in self.memory.all("file"):
            if kept["path"] == path:
                return (self.files / f"{kept['number']}").read_bytes()
        return None


def wants(bot: Json, kind: str) -> bool:
    """An empty list asks for everything but three noisy kinds, as Telegram's manual says."""
    return kind in bot["allowed"] if bot["allowed"] else kind not in UNASKED


def bot_user(bot: Json) -> Json:
    return {"id": bot["id"], "is_bot": True, "first_name": bot["first_name"], "username": bot["username"]}


def person_user(person: Json) -> Json:
    user: Json = {"id": person["id"], "is_bot": False, "first_name": person["first_name"]}
    return user | {key: person[key] for key in ("last_name", "username", "language_code") if person.get(key)}


def private_chat(person: Json) -> Json:
    chat: Json = {"id": person["id"], "type": "private", "first_name": person["first_name"]}
    return chat | {key: person[key] for key in ("last_name", "username") if person.get(key)}


def group_chat(group: Json) -> Json:
    return {key: group[key] for key in ("id", "type", "title", "username", "is_forum") if group.get(key)}
