"""What a bot can do to messages: send, copy, edit, delete, answer a button, fetch a file."""

from collections.abc import Callable
from typing import Any

from demo.memory import Json
from demo.telegram_media import add_media, media_message
from demo.telegram_memory import GROUPS, World, bot_user
from demo.telegram_office import OFFICE_ACTS
from demo.telegram_rules import CAPTION_LIMIT, DOWNLOAD_LIMIT, TEXT_LIMIT, Call, bad, formatted

Act = Callable[[World, Call], Any]
ACTIONS = {"typing", "upload_photo", "upload_video", "upload_voice", "upload_document", "record_voice"}
ALBUMS = {"photo": "seen", "video": "seen"}
DELETABLE = 48 * 3600  # seconds


def place(world: World, call: Call) -> tuple[str, Json, Json]:
    """Where the bot writes: the room's name, the Chat, and what reply and topic add to the message."""
    chat = world.find_chat(call.token, call.params["chat_id"])
    if call.token in (world.memory.get("chat", chat["id"]) or {}).get("muted", ()):
        raise bad("need administrator rights in the channel chat")
    room = world.room(call.token, chat["id"])
    extra: Json = {}
    thread = call.params.get("message_thread_id")
    if thread is not None:
        extra |= {"message_thread_id": thread, "is_topic_message": True}
        _check_topic(world, chat, int(thread))
    reply = call.params.get("reply_parameters") or {}
    wanted = reply.get("message_id", call.params.get("reply_to_message_id"))
    if wanted is not None:
        found = world.find_message(room, int(wanted))
        lenient = reply.get("allow_sending_without_reply") or call.params.get("allow_sending_without_reply")
        if found is None and not lenient:
            raise bad("message to be replied not found")
        if found is not None:
            extra["reply_to_message"] = {
                key: value for key, value in found.items() if key != "reply_to_message"
            }
    return room, chat, extra


def _check_topic(world: World, chat: Json, thread: int) -> None:
    topic = world.memory.get("topic", f"{chat['id']}/{thread}")
    if topic is None:
        raise bad("message thread not found")
    if topic["closed"]:
        raise bad("TOPIC_CLOSED")


def post(world: World, call: Call, **content: Any) -> Json:
    """The bot's message, in the chat. Only inline keyboards stay on a message, as with Telegram."""
    room, chat, extra = place(world, call)
    markup = call.params.get("reply_markup") or {}
    if "inline_keyboard" in markup:
        extra["reply_markup"] = markup
    elif markup:
        world.memory.put("keyboard", room, markup)
    return world.add_message(room, chat, bot_user(world.bot(call.token)), **extra, **content)


def send_message(world: World, call: Call) -> Json:
    text, entities = formatted(call.params, "text", TEXT_LIMIT)
    if not text.strip():
        raise bad("message text is empty")
    return post(world, call, text=text, entities=entities)


def send_single(kind: str) -> Act:
    def act(world: World, call: Call) -> Json:
        caption, entities = formatted(call.params, "caption", CAPTION_LIMIT)
        media = add_media(world, kind, call.params.get(kind), call.uploads.get(kind), call.uploads)
        return post(world, call, caption=caption, caption_entities=entities, **media_message(kind, media))

    return act


def send_media_group(world: World, call: Call) -> list[Json]:
    items: list[Json] = call.params["media"]
    if not 2 <= len(items) <= 10:
        raise bad("there must be 2 to 10 items in the album")
    sorts = {ALBUMS.get(item["type"], item["type"]) for item in items}
    if len(sorts) > 1 or not sorts <= {"seen", "document", "audio"}:
        raise bad("group send failed: these kinds of media do not go together")
    if call.params.get("reply_markup"):
        raise bad("buttons hang under no album")
    ready = []
    for item in items:
        caption, entities = formatted(item, "caption", CAPTION_LIMIT)
        media = add_media(world, item["type"], item["media"], None, call.uploads)
        ready.append({"caption": caption, "caption_entities": entities, **media_message(item["type"], media)})
    group = str(world.memory.next("album", 13_000_000_000))
    return [post(world, call, media_group_id=group, **content) for content in ready]


def send_location(world: World, call: Call) -> Json:
    location = {key: call.params[key] for key in ("latitude", "longitude")}
    return post(world, call, location=location)


def send_contact(world: World, call: Call) -> Json:
    contact = {
        key: call.params[key] for key in ("phone_number", "first_name", "last_name") if key in call.params
    }
    return post(world, call, contact=contact)


def send_chat_action(world: World, call: Call) -> bool:
    chat = world.find_chat(call.token, call.params["chat_id"])
    if call.params["action"] not in ACTIONS:
        raise bad("wrong parameter action in request")
    sign = {"chat": chat["id"], "action": call.params["action"]}
    world.memory.put("sign", world.memory.next("sign"), sign)
    return True


def copy_message(world: World, call: Call) -> Json:
    source = world.find_chat(call.token, call.params["from_chat_id"])
    found = world.find_message(world.room(call.token, source["id"]), call.params["message_id"])
    if found is None:
        raise bad("message to copy not found")
    own = (
        "message_id",
        "date",
        "chat",
        "from",
        "reply_to_message",
        "reply_markup",
        "edit_date",
        "media_group_id",
    )
    content = {
        key: value
        for key, value in found.items()
        if key not in (*own, "message_thread_id", "is_topic_message")
    }
    if call.params.get("caption") is not None:
        content["caption"], content["caption_entities"] = formatted(call.params, "caption", CAPTION_LIMIT)
    return {"message_id": post(world, call, **content)["message_id"]}


def _own_message(world: World, call: Call, verb: str) -> Json:
    chat = world.find_chat(call.token, call.params.get("chat_id", 0))
    room = world.room(call.token, chat["id"])
    found = world.find_message(room, int(call.params.get("message_id", 0)))
    if found is None:
        raise bad(f"message to {verb} not found")
    if verb == "edit" and found.get("from", {}).get("id") != world.bot(call.token)["id"]:
        raise bad("message can't be edited")
    return found


def _edited(world: World, call: Call, content: Json) -> Json:
    """The message with its new content. Telegram drops the keyboard unless it is given again."""
    old = _own_message(world, call, "edit")
    new = {key: value for key, value in old.items() if key not in ("reply_markup", *content)}
    new |= {key: value for key, value in content.items() if value not in ("", [])}
    markup = call.params.get("reply_markup")
    if markup and markup.get("inline_keyboard"):
        new["reply_markup"] = markup
    if new == {key: value for key, value in old.items() if key != "edit_date"} | _date(new):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    new["edit_date"] = world.now()
    world.keep_message(new)
    return new


def _date(message: Json) -> Json:
    return {"edit_date": message["edit_date"]} if "edit_date" in message else {}


def edit_text(world: World, call: Call) -> Json:
    text, entities = formatted(call.params, "text", TEXT_LIMIT)
    if not text.strip():
        raise bad("message text is empty")
    if "text" not in _own_message(world, call, "edit"):
        raise bad("there is no text in the message to edit")
    return _edited(world, call, {"text": text, "entities": entities})


def edit_caption(world: World, call: Call) -> Json:
    caption, entities = formatted(call.params, "caption", CAPTION_LIMIT)
    if "text" in _own_message(world, call, "edit"):
        raise bad("there is no caption in the message to edit")
    return _edited(world, call, {"caption": caption, "caption_entities": entities})


def edit_markup(world: World, call: Call) -> Json:
    return _edited(world, call, {})


def delete_message(world: World, call: Call) -> bool:
    """A message is taken back within two days; in a channel its admin may do so at any time."""
    found = _own_message(world, call, "delete")
    if found["chat"]["type"] != "channel" and world.now() - found["date"] > DELETABLE:
        raise bad("message can't be deleted for everyone")
    world.delete_message(found["message_id"])
    return True


def answer_callback(world: World, call: Call) -> bool:
    """Each press is answered once."""
    press = world.memory.get("press", call.params["callback_query_id"])
    if press is None or press["token"] != call.token or press["answer"] is not None:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    answer = {key: call.params[key] for key in ("text", "show_alert", "url") if key in call.params}
    world.memory.put("press", press["id"], press | {"answer": answer})
    return True


def get_file(world: World, call: Call) -> Json:
    kept = world.memory.get("file", call.params["file_id"])
    if kept is None:
        raise bad("invalid file_id")
    if kept["file"]["file_size"] > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    return {**kept["file"], "file_path": kept["path"]}


def migrate(world: World, chat: int) -> int:
    """A group becomes a supergroup under a new id; its bots hear of it from both sides."""
    old = world.memory.get("chat", chat)
    if old is None or old["type"] not in GROUPS:
        raise bad("only a group can be upgraded")
    if old.get("moved_to"):
        return int(old["moved_to"])
    new = old | {"id": -1_000_000_000_000 - world.memory.next("supergroup"), "type": "supergroup"}
    world.memory.put("chat", new["id"], new)
    world.memory.put("chat", chat, old | {"moved_to": new["id"]})
    before = {"id": chat, "type": "group", "title": old["title"]}
    after = {"id": new["id"], "type": "supergroup", "title": old["title"]}
    left = world.add_message(str(chat), before, None, migrate_to_chat_id=new["id"])
    came = world.add_message(str(new["id"]), after, None, migrate_from_chat_id=chat)
    for token in old["bots"]:
        world.add_update(token, "message", left)
        world.add_update(token, "message", came)
    return int(new["id"])


SENDING: dict[str, Act] = {
    "sendMessage": send_message,
    "sendPhoto": send_single("photo"),
    "sendDocument": send_single("document"),
    "sendVoice": send_single("voice"),
    "sendVideo": send_single("video"),
    "sendAudio": send_single("audio"),
    "sendAnimation": send_single("animation"),
    "sendVideoNote": send_single("video_note"),
    "sendSticker": send_single("sticker"),
    "sendMediaGroup": send_media_group,
    "sendLocation": send_location,
    "sendContact": send_contact,
    "copyMessage": copy_message,
}
EDITING: dict[str, Act] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageReplyMarkup": edit_markup,
}
MOVING = frozenset({*SENDING, *EDITING})
ACTS: dict[str, Act] = {
    **SENDING,
    **EDITING,
    **OFFICE_ACTS,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback,
    "sendChatAction": send_chat_action,
    "getFile": get_file,
}
