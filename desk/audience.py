"""Whom an announcement goes to: counted before it is ordered out, frozen with the order, thawed when it goes back."""

from msgspec import Struct

from desk import announcing
from sop.announcement import NotCarried
from sop.publication import AudienceEmpty, Publication
from store import narrations, publications, pushes, targets
from store.db import Change, View
from store.targets import Target


class Share(Struct, frozen=True, kw_only=True):
    """One chosen target and how many it reaches: one post, its subscribers, or a hand's one task."""

    target: Target
    people: int

    @property
    def usable(self) -> bool:
        return self.target.active and self.target.state != "refused"


def chosen(view: View, publication: Publication) -> list[Share]:
    """Counted now; somebody on several lists of one channel is counted in each, and gets one."""
    picked = set(publications.targets_of(view, publication.id))
    heard = targets.subscribers(view)
    return [
        Share(target=each, people=_people(each, heard)) for each in targets.every(view) if each.id in picked
    ]


def freeze(change: Change, publication: Publication) -> int:
    """The audience as it is at the order: nobody who joins later is in it. Raises NotCarried, AudienceEmpty."""
    pushes.thaw(change, publication.id)
    narration = narrations.get(change, publication.id, publication.version)
    text = narration.text if narration else ""
    for share in chosen(change, publication):
        target = share.target
        if not target.active:
            continue
        reason = target.reason if target.state == "refused" else ""
        reason = reason or announcing.refused(change, publication, target.channel, text)
        if reason or not share.usable:
            raise NotCarried(target.name, reason)
        if share.people:
            pushes.freeze(change, publication.id, share.target.id, share.target.kind)
    size = sum(pushes.audience(change, publication.id).values())
    if not size:
        raise AudienceEmpty(publication.number)
    return size


def thaw(change: Change, publication: Publication) -> None:
    """It goes back to the check: what was planned is called off, and the audience is counted anew at the next order."""
    for push in pushes.of_publication(change, publication.id):
        if push.state == "planned":
            pushes.set_state(change, push.id, "stopped")
    pushes.thaw(change, publication.id)


def _people(target: Target, heard: dict[tuple[int, str], int]) -> int:
    if target.kind == "subscribers":
        return heard.get((target.topic or 0, target.channel), 0)
    return 1
