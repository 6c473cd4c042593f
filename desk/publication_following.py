"""Which chat messages follow a push: they are edited while it leaves, also after a restart."""

from datetime import datetime

from msgspec import Struct, convert, to_builtins

from desk import publication_page, pushing
from desk.publication_page import CasePage
from sop.officer import Officer
from store import memory, officers, publications, pushes
from store.db import Change, View

NAME = "humas.follow"
MOST = 50  # messages that are followed at one time


class Followed(Struct, frozen=True, kw_only=True):
    """A message with the progress of a push, in the chat of the officer who began it."""

    push: int
    officer: int
    chat: int
    message: int


class Followings(Struct, frozen=True, kw_only=True):
    messages: tuple[Followed, ...] = ()


class News(Struct, frozen=True, kw_only=True):
    """What the message says now. `over`: nothing more will change."""

    followed: Followed
    officer: Officer
    page: CasePage
    progress: pushing.Progress
    over: bool


def follow(change: Change, push: int, actor: Officer, *, chat: int, message: int) -> None:
    mine = Followed(push=push, officer=actor.id, chat=chat, message=message)
    rest = [each for each in _kept(change) if (each.chat, each.message) != (chat, message)]
    _keep(change, [*rest, mine][-MOST:])


def forget(change: Change, chat: int, message: int) -> None:
    _keep(change, [each for each in _kept(change) if (each.chat, each.message) != (chat, message)])


def news(view: View, now: datetime) -> list[News]:
    """Each followed message with its push as it is now."""
    found = []
    for each in _kept(view):
        push, officer = pushes.get(view, each.push), officers.find(view, each.officer, now)
        case = publications.find(view, push.publication) if push else None
        if push is None or officer is None or case is None:
            continue
        page = publication_page.case(view, officer, case.number, now)
        over = push.state in ("done", "stopped")
        progress = pushing.progress(view, push, now)
        found.append(News(followed=each, officer=officer, page=page, progress=progress, over=over))
    return found


def _kept(view: View) -> tuple[Followed, ...]:
    return convert(memory.get(view, NAME), Followings).messages


def _keep(change: Change, messages: list[Followed]) -> None:
    memory.save(change, NAME, to_builtins(Followings(messages=tuple(messages))))
