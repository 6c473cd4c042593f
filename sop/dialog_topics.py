"""Subscriptions in the talk: the menu of topics with what somebody hears of now, and what a press of it does. Pure."""

from msgspec.structs import replace

from sop.dialog_menus import asking
from sop.dialog_state import Hear, Say, Scene, State, Stop, Turn, Unhear

TOPIC, LEAVE, ALL = "topik", "henti", "semua"
MOST = 20  # topics in a menu


def offered(state: State, scene: Scene) -> Turn:
    """/langganan: every topic, to begin with or to end."""
    if not scene.topics:
        return replace(asking(replace(state, options=())), say=(Say.NO_TOPICS,))
    options = tuple(f"{TOPIC}:{each.id}" for each in scene.topics[:MOST])
    return replace(asking(replace(state, options=options)), say=(Say.TOPICS,))


def ending(state: State, scene: Scene) -> Turn:
    """/berhenti: which of them, or all. Who hears of nothing ends automatic words at once."""
    heard = tuple(f"{LEAVE}:{each.id}" for each in scene.topics if each.id in scene.hears)
    if not heard:
        return stopped(state)
    options = (*heard[:MOST], f"{LEAVE}:{ALL}")
    return replace(asking(replace(state, options=options)), say=(Say.STOPPING,))


def stopped(state: State) -> Turn:
    """No announcement and no automatic word more."""
    return Turn(state=state, effects=(Stop(),), say=(Say.STOPPED,), answer=True)


def pressed(state: State, act: str, of: str, scene: Scene) -> Turn | None:
    """A topic was chosen. None: it is not offered any more."""
    if act == LEAVE and of == ALL:
        return stopped(replace(state, options=()))
    topic = next((each for each in scene.topics if str(each.id) == of), None)
    if topic is None:
        return None
    if topic.id in scene.hears:
        after = replace(scene, hears=scene.hears - {topic.id})
        effect: Hear | Unhear = Unhear(topic.id)
    elif act == LEAVE:  # pressed twice
        after, effect = scene, Unhear(topic.id)
    else:
        after, effect = replace(scene, hears=scene.hears | {topic.id}), Hear(topic.id)
    return replace(offered(state, after), effects=(effect,))
