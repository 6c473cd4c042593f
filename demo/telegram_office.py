"""What a bot can do around messages: itself, its webhook, commands, chats, members and forum topics."""

from collections.abc import Callable
from typing import Any

from demo.memory import Json
from demo.telegram_memory import World, bot_user, group_chat, person_user
from demo.telegram_rules import Call, bad

FULL_RIGHTS = dict.fromkeys(
    [
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
        "can_pin_messages",
        "can_manage_topics",
        "can_send_welcome_messages",
    ],
    True,
)


def get_me(world: World, call: Call) -> Json:
    rights = {"can_join_groups": True, "can_read_all_group_messages": True, "supports_inline_queries": False}
    return {**bot_user(world.bot(call.token)), **rights}


def set_webhook(world: World, call: Call) -> bool:
    bot = world.bot(call.token)
    secret = call.params.get("secret_token") or ""
    if not all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in secret) or len(secret) > 256:
        raise bad("secret token contains unallowed characters")
    if call.params.get("drop_pending_updates"):
        world.forget_before(call.token, 1 << 62)
    most = int(call.params.get("max_connections") or 40)
    bot["webhook"] = {"url": call.params["url"], "secret": secret, "max_connections": most}
    if "allowed_updates" in call.params:
        bot["allowed"] = call.params["allowed_updates"]
    world.memory.put("bot", call.token, bot)
    world.tell(call.token)
    return True


def delete_webhook(world: World, call: Call) -> bool:
    bot = world.bot(call.token)
    if call.params.get("drop_pending_updates"):
        world.forget_before(call.token, 1 << 62)
    world.memory.put("bot", call.token, bot | {"webhook": {}})
    world.tell(call.token)
    return True


def get_webhook_info(world: World, call: Call) -> Json:
    bot = world.bot(call.token)
    hook = bot["webhook"]
    info: Json = {"url": hook.get("url", ""), "has_custom_certificate": False}
    info["pending_update_count"] = len(world.waiting(call.token))
    info |= {
        key: hook[key] for key in ("last_error_date", "last_error_message", "max_connections") if key in hook
    }
    return info | ({"allowed_updates": bot["allowed"]} if bot["allowed"] else {})


def _scope(call: Call) -> str:
    scope = call.params.get("scope") or {"type": "default"}
    parts = (
        scope["type"],
        scope.get("chat_id", ""),
        scope.get("user_id", ""),
        call.params.get("language_code") or "",
    )
    return "/".join((call.token, *map(str, parts)))


def set_my_commands(world: World, call: Call) -> bool:
    for command in call.params["commands"]:
        name = command["command"]
        if not (1 <= len(name) <= 32 and name.replace("_", "a").isalnum() and name == name.lower()):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.memory.put("commands", _scope(call), {"commands": call.params["commands"]})
    return True


def get_my_commands(world: World, call: Call) -> list[Json]:
    return list((world.memory.get("commands", _scope(call)) or {"commands": []})["commands"])


def delete_my_commands(world: World, call: Call) -> bool:
    world.memory.drop("commands", _scope(call))
    return True


def get_chat(world: World, call: Call) -> Json:
    chat = world.find_chat(call.token, call.params["chat_id"])
    full: Json = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _no_gifts()}
    pinned = world.memory.get("pin", world.room(call.token, chat["id"]))
    if pinned:
        full["pinned_message"] = world.find_message(world.room(call.token, chat["id"]), pinned["message_id"])
    return {**chat, **{key: value for key, value in full.items() if value is not None}}


def _no_gifts() -> Json:
    names = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return dict.fromkeys(names, False)


def member(world: World, group: Json, user: int) -> Json:
    """A ChatMember object. Raises ApiError for a user Telegram does not know."""
    bot = next((bot for bot in world.memory.all("bot") if bot["id"] == user), None)
    if bot is not None:
        if bot["token"] not in group["bots"]:
            return {"status": "left", "user": bot_user(bot)}
        posts = {"can_post_messages": bot["token"] not in group.get("muted", ())}
        return admin(bot_user(bot)) | (posts if group["type"] == "channel" else {})
    person = world.memory.get("person", user)
    if person is None:
        raise bad("invalid user_id specified")
    status = group["people"].get(str(user), "left")
    if status == "administrator":
        return admin(person_user(person))
    return {"status": status, "user": person_user(person)} | (
        {"is_anonymous": False} if status == "creator" else {}
    )


def admin(user: Json) -> Json:
    return {
        "status": "administrator",
        "user": user,
        "can_be_edited": False,
        "is_anonymous": False,
        **FULL_RIGHTS,
    }


def _group(world: World, call: Call) -> Json:
    chat = world.find_chat(call.token, call.params["chat_id"])
    group = world.memory.get("chat", chat["id"])
    if group is None:
        raise bad("there are no administrators in the private chat")
    return group


def get_chat_member(world: World, call: Call) -> Json:
    return member(world, _group(world, call), call.params["user_id"])


def get_chat_administrators(world: World, call: Call) -> list[Json]:
    group = _group(world, call)
    users = [*(world.bot(token)["id"] for token in group["bots"]), *map(int, group["people"])]
    found = [member(world, group, user) for user in users]
    return [one for one in found if one["status"] in ("administrator", "creator")]


def get_chat_member_count(world: World, call: Call) -> int:
    group = _group(world, call)
    return len(group["bots"]) + len(group["people"])


def leave_chat(world: World, call: Call) -> bool:
    group = _group(world, call)
    group["bots"].remove(call.token)
    world.memory.put("chat", group["id"], group)
    return True


def add_topic(world: World, group: Json, sender: Json, name: str) -> Json:
    """The topic's first message carries its id: a topic's thread id is that message's id."""
    created = {"name": name, "icon_color": 7322096}
    message = world.add_message(str(group["id"]), group_chat(group), sender, forum_topic_created=created)
    message |= {"message_thread_id": message["message_id"], "is_topic_message": True}
    world.keep_message(message)
    topic = {"name": name, "icon_color": 7322096, "message_thread_id": message["message_id"], "closed": False}
    return world.memory.put("topic", f"{group['id']}/{message['message_id']}", topic)


def create_topic(world: World, call: Call) -> Json:
    group = _group(world, call)
    if not group.get("is_forum"):
        raise bad("the chat is not a forum")
    if not 1 <= len(call.params["name"]) <= 128:
        raise bad("TOPIC_TITLE_EMPTY" if not call.params["name"] else "topic name is too long")
    topic = add_topic(world, group, bot_user(world.bot(call.token)), call.params["name"])
    return {key: value for key, value in topic.items() if key != "closed"}


def change_topic(**change: Any) -> Callable[[World, Call], bool]:
    """Close and reopen by `change`; without it the name comes from the call."""

    def act(world: World, call: Call) -> bool:
        group = _group(world, call)
        key = f"{group['id']}/{call.params['message_thread_id']}"
        topic = world.memory.get("topic", key)
        if topic is None:
            raise bad("TOPIC_ID_INVALID")
        new = topic | (change or {"name": call.params.get("name") or topic["name"]})
        if new == topic:
            raise bad("TOPIC_NOT_MODIFIED")
        world.memory.put("topic", key, new)
        return True

    return act


def delete_topic(world: World, call: Call) -> bool:
    group = _group(world, call)
    key = f"{group['id']}/{call.params['message_thread_id']}"
    if world.memory.get("topic", key) is None:
        raise bad("TOPIC_ID_INVALID")
    world.memory.drop("topic", key)
    return True


def pin(world: World, call: Call) -> bool:
    chat = world.find_chat(call.token, call.params["chat_id"])
    room = world.room(call.token, chat["id"])
    if world.find_message(room, call.params["message_id"]) is None:
        raise bad("message to pin not found")
    world.memory.put("pin", room, {"message_id": call.params["message_id"]})
    return True


def unpin(world: World, call: Call) -> bool:
    chat = world.find_chat(call.token, call.params["chat_id"])
    world.memory.drop("pin", world.room(call.token, chat["id"]))
    return True


def done(world: World, call: Call) -> bool:
    """Settings that show nowhere on the simulated phone."""
    return bool(world.bot(call.token))


OFFICE_ACTS: dict[str, Callable[[World, Call], Any]] = {
    "getMe": get_me,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatMemberCount": get_chat_member_count,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
    "createForumTopic": create_topic,
    "editForumTopic": change_topic(),
    "closeForumTopic": change_topic(closed=True),
    "reopenForumTopic": change_topic(closed=False),
    "deleteForumTopic": delete_topic,
    "pinChatMessage": pin,
    "unpinChatMessage": unpin,
    "setMyName": done,
    "setMyDescription": done,
    "setMyShortDescription": done,
    "setChatMenuButton": done,
    "setMessageReaction": done,
    "logOut": done,
    "close": done,
}
