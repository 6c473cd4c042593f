"""The person's side of Telegram: everything a thumb can do, as real Update objects."""

from demo.memory import Json
from demo.telegram_html import plain_entities
from demo.telegram_media import ENDINGS, keep_media, media_message
from demo.telegram_memory import World, bot_user, group_chat, person_user, private_chat
from demo.telegram_office import add_topic, member
from demo.telegram_rules import Upload


class Phone:
    """The phones of all people who talk to one bot. `user` is a person's id; `chat` a group's, else the private chat.

    In a group every member bot hears the word. Each act answers the Message (or the press' id) that it made.
    """

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token

    def person(
        self, user: int, name: str = "Sari", *, last: str = "", username: str = "", language: str = "id"
    ) -> int:
        """A person with a Telegram account; the same id again changes the name."""
        person = self._world.memory.get("person", user) or {"id": user, "met": [], "blocked": []}
        names = {"first_name": name, "last_name": last, "username": username, "language_code": language}
        self._world.memory.put("person", user, person | names)
        return user

    def start(self, user: int, payload: str = "") -> Json:
        return self.write(user, f"/start {payload}".strip())

    def write(
        self, user: int, text: str, *, chat: int | None = None, topic: int | None = None, reply: int = 0
    ) -> Json:
        return self._say(user, chat, topic, reply, text=text, entities=plain_entities(text))

    def media(
        self,
        user: int,
        kind: str,
        content: bytes,
        *,
        name: str = "",
        content_type: str = "",
        caption: str = "",
        chat: int | None = None,
        topic: int | None = None,
        album: str = "",
        reply: int = 0,
    ) -> Json:
        """`kind`: photo, document, voice, video, audio, animation, video_note or sticker."""
        kept = keep_media(self._world, kind, Upload(name or ENDINGS[kind], content_type, content))
        said = {"caption": caption, "caption_entities": plain_entities(caption), "media_group_id": album}
        extra = {"emoji": "\N{OK HAND SIGN}"} if kind == "sticker" else {}
        content_fields = media_message(kind, kept)
        content_fields[kind] = content_fields[kind] if kind == "photo" else content_fields[kind] | extra
        return self._say(user, chat, topic, reply, **said, **content_fields)

    def photo(self, user: int, content: bytes, caption: str = "") -> Json:
        return self.media(user, "photo", content, caption=caption)

    def voice(self, user: int, content: bytes) -> Json:
        return self.media(user, "voice", content, content_type="audio/ogg")

    def document(
        self, user: int, content: bytes, name: str, content_type: str = "", caption: str = ""
    ) -> Json:
        return self.media(user, "document", content, name=name, content_type=content_type, caption=caption)

    def sticker(self, user: int, content: bytes = b"webp") -> Json:
        return self.media(user, "sticker", content)

    def album(self, user: int, photos: list[bytes], caption: str = "") -> list[Json]:
        """Several photos as one: each is a message and an update of its own; the caption hangs on the first."""
        album = str(self._world.memory.next("album", 13_000_000_000))
        words = [caption, *[""] * (len(photos) - 1)]
        return [
            self.media(user, "photo", photo, caption=word, album=album)
            for photo, word in zip(photos, words, strict=True)
        ]

    def location(self, user: int, latitude: float, longitude: float) -> Json:
        return self._say(user, None, None, 0, location={"latitude": latitude, "longitude": longitude})

    def contact(self, user: int, phone: str, *, own: bool = True, name: str = "Sari") -> Json:
        """Share a number: the own one carries the own user id, as Telegram's button does."""
        contact = {"phone_number": phone, "first_name": name} | ({"user_id": user} if own else {})
        return self._say(user, None, None, 0, contact=contact)

    def poll(self, user: int, question: str, options: list[str]) -> Json:
        choices = [
            {"persistent_id": str(n), "text": text, "voter_count": 0} for n, text in enumerate(options)
        ]
        poll = {"id": str(self._world.memory.next("poll")), "question": question, "options": choices}
        rest = {"total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular"}
        more = {"allows_multiple_answers": False, "allows_revoting": True, "members_only": False}
        return self._say(user, None, None, 0, poll=poll | rest | more)

    def edit(self, user: int, message_id: int, text: str, *, chat: int | None = None) -> Json:
        """Change own words afterwards."""
        message = self._message(user, message_id, chat)
        if message["from"]["id"] != user:
            raise ValueError("only one's own message can be edited")
        field = "text" if "text" in message else "caption"
        changed = message | {field: text, "edit_date": self._world.now()}
        self._world.keep_message(changed)
        self._tell(chat, "edited_message", changed)
        return changed

    def press(self, user: int, message_id: int, data: str, *, chat: int | None = None) -> str:
        """Press the button that carries `data` (or shows it as label); answers the press' id."""
        message = self._message(user, message_id, chat)
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [
            button for row in rows for button in row if data in (button.get("callback_data"), button["text"])
        ]
        if not buttons or "callback_data" not in buttons[0]:
            raise ValueError(f"message {message_id} has no button {data!r}")
        return self._pressed(user, message, buttons[0]["callback_data"])

    def forge(self, user: int, data: str) -> str:
        """Press what no bot offered, as a client of one's own can: under the last message of the private chat."""
        message = self._world.messages(self._world.room(self._token, user))[-1]
        return self._pressed(user, message, data)

    def _pressed(self, user: int, message: Json, data: str) -> str:
        number = str(self._world.memory.next("press", 4_000_000_000_000))
        self._world.memory.put("press", number, {"id": number, "token": self._token, "answer": None})
        query = {
            "id": number,
            "from": self._user(user),
            "message": message,
            "chat_instance": str(message["chat"]["id"]),
            "data": data,
        }
        self._world.add_update(self._token, "callback_query", query)
        return number

    def answer(self, press: str) -> Json | None:
        """What the bot answered to a press ({"text": ...}), None while it has not."""
        found = self._world.memory.get("press", press)
        return found["answer"] if found else None

    def block(self, user: int) -> None:
        self._set_blocked(user, True)

    def unblock(self, user: int) -> None:
        self._set_blocked(user, False)

    def group(self, title: str, *, forum: bool = False, kind: str = "supergroup", username: str = "") -> int:
        """A new group (or channel) with this bot as administrator; answers its id."""
        number = self._world.memory.next("supergroup")
        chat = -1_000_000_000_000 - number if kind != "group" else -1_000 - number
        group = {"id": chat, "type": kind, "title": title, "username": username, "is_forum": forum}
        self._world.memory.put("chat", chat, group | {"bots": [], "people": {}})
        self.add_bot(chat, self._token)
        return chat

    def add_bot(self, chat: int, token: str) -> None:
        """Take a bot into the group as administrator."""
        group, there = self._world.group(chat), Phone(self._world, token)
        old = there._membership(group)
        group["bots"] = [*dict.fromkeys([*group["bots"], token])]
        self._world.memory.put("chat", chat, group)
        there._rights_changed(group, old)

    def mute_bot(self, chat: int, muted: bool = True) -> None:
        """Take this bot's right to post in a channel, or give it back."""
        group = self._world.group(chat)
        old = self._membership(group)
        group = group | {"muted": [self._token] if muted else []}
        self._world.memory.put("chat", chat, group)
        self._rights_changed(group, old)

    def remove_bot(self, chat: int) -> None:
        """Take this bot out of the group."""
        group = self._world.group(chat)
        old = self._membership(group)
        group["bots"] = [token for token in group["bots"] if token != self._token]
        self._world.memory.put("chat", chat, group)
        self._rights_changed(group, old)

    def _membership(self, group: Json) -> Json:
        return member(self._world, group, self._world.bot(self._token)["id"])

    def _rights_changed(self, group: Json, old: Json) -> None:
        """The bot hears what it has become there."""
        by = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        fact = {"chat": group_chat(group), "from": by, "date": self._world.now()}
        new = self._membership(group)
        self._world.add_update(
            self._token, "my_chat_member", fact | {"old_chat_member": old, "new_chat_member": new}
        )

    def join(self, user: int, chat: int, status: str = "member") -> Json:
        """Enter a group; `status` creator or administrator makes an admin of the person."""
        group = self._world.group(chat)
        old = member(self._world, group, user)
        group["people"][str(user)] = status
        self._world.memory.put("chat", chat, group)
        fact = {"chat": group_chat(group), "from": self._user(user), "date": self._world.now()}
        change = {"old_chat_member": old, "new_chat_member": member(self._world, group, user)}
        self._tell(chat, "chat_member", fact | change)
        return self._say(user, chat, None, 0, new_chat_members=[self._user(user)])

    def leave(self, user: int, chat: int) -> Json:
        group = self._world.group(chat)
        message = self._say(user, chat, None, 0, left_chat_member=self._user(user))
        group["people"].pop(str(user), None)
        self._world.memory.put("chat", chat, group)
        return message

    def topic(self, user: int, chat: int, name: str) -> int:
        """Open a forum topic by hand; answers its thread id."""
        topic = add_topic(self._world, self._world.group(chat), self._user(user), name)
        thread = int(topic["message_thread_id"])
        message = self._world.find_message(str(chat), thread)
        assert message is not None
        self._tell(chat, "message", message)
        return thread

    def _user(self, user: int) -> Json:
        if self._world.memory.get("person", user) is None:
            self.person(user)
        return person_user(self._world.person(user))

    def _say(self, user: int, chat: int | None, topic: int | None, reply: int, **content: object) -> Json:
        sender = self._user(user)
        room = self._world.room(self._token, chat or user)
        answered = self._world.find_message(room, reply) if reply else None
        if answered is not None:
            content["reply_to_message"] = {
                key: value for key, value in answered.items() if key != "reply_to_message"
            }
        if topic is not None:
            content |= {"message_thread_id": topic, "is_topic_message": True}
        if chat is None:
            self._meet(user)
            place = private_chat(self._world.person(user))
        else:
            place = group_chat(self._world.group(chat))
        message = self._world.add_message(room, place, sender, **content)
        self._tell(chat, "message", message)
        return message

    def _meet(self, user: int) -> None:
        person = self._world.person(user)
        if self._token in person["blocked"]:
            self.unblock(user)
        if self._token not in person["met"]:
            self._world.memory.put("person", user, person | {"met": [*person["met"], self._token]})

    def _message(self, user: int, message_id: int, chat: int | None) -> Json:
        message = self._world.find_message(self._world.room(self._token, chat or user), message_id)
        if message is None:
            raise ValueError(f"this chat has no message {message_id}")
        return message

    def _tell(self, chat: int | None, kind: str, content: Json) -> None:
        """A private chat's news is one bot's, a group's is every member bot's."""
        for token in self._world.group(chat)["bots"] if chat else [self._token]:
            self._world.add_update(token, kind, content)

    def _set_blocked(self, user: int, blocked: bool) -> None:
        person = self._world.person(user)
        rest = [token for token in person["blocked"] if token != self._token]
        self._world.memory.put(
            "person", user, person | {"blocked": [*rest, self._token] if blocked else rest}
        )
        bot = bot_user(self._world.bot(self._token))
        kicked = {"status": "kicked", "user": bot, "until_date": 0}
        inside = {"status": "member", "user": bot}
        fact = {"chat": private_chat(person), "from": person_user(person), "date": self._world.now()}
        change = {"old_chat_member": inside, "new_chat_member": kicked}
        if not blocked:
            change = {"old_chat_member": kicked, "new_chat_member": inside}
        self._world.add_update(self._token, "my_chat_member", fact | change)
