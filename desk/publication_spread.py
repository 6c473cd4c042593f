"""How far a publication has spread: its pushes with their progress, hand tasks, what did not arrive, an erratum that waits."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from desk import errata, push_again, pushing
from sop.publication import Publication
from store import publication_lists, pushes, targets
from store.db import View
from store.pushes import Push, Recipient

FAILED = 5  # recipients that are named on the page itself
OPEN = ("planned", "running", "paused")


class Task(Struct, frozen=True, kw_only=True):
    """A medium that a hand serves. `behind`: the announcement was corrected or withdrawn since it was keyed in."""

    recipient: Recipient
    name: str
    keyed_by: str
    behind: bool = False

    @property
    def open(self) -> bool:
        return self.recipient.keyed_at is None or self.behind


class Spread(Struct, frozen=True, kw_only=True):
    """`erratum` waits for the checking lane. `out`: the announcement is out, so that it may be corrected or withdrawn.
    `unsure`: so many may have it or not, and can be sent it once more.
    """

    pushes: tuple[pushing.Progress, ...]
    tasks: tuple[Task, ...]
    failed: tuple[Recipient, ...]
    erratum: Push | None
    out: bool
    unsure: int = 0

    @property
    def under_way(self) -> pushing.Progress | None:
        """The push that can still be paused, resumed or stopped."""
        return next((each for each in reversed(self.pushes) if each.push.state in OPEN), None)


def spread(view: View, publication: Publication, now: datetime) -> Spread:
    posted = [pushing.progress(view, each, now) for each in pushes.of_publication(view, publication.id)]
    shown = tuple(each for each in posted if each.push.state != "proposed")
    done = [each.push.kind for each in posted if each.push.state == "done"]
    failed = pushes.recipients(view, publication.id, state="failed", most=FAILED) if posted else ()
    return Spread(
        pushes=shown,
        tasks=_tasks(view, publication, shown),
        failed=tuple(failed),
        erratum=errata.waiting(view, publication.id),
        unsure=_unsure(view, publication, posted),
        out="publish" in done and "withdrawal" not in [each.push.kind for each in shown],
    )


def _unsure(view: View, publication: Publication, posted: Sequence[pushing.Progress]) -> int:
    unknown = sum(each.unknown for each in posted if each.push.kind == "publish")
    return unknown if unknown and push_again.possible(view, publication) else 0


def _tasks(view: View, publication: Publication, posted: Sequence[pushing.Progress]) -> tuple[Task, ...]:
    tasks = pushes.by_hand(view, publication.id)
    if not tasks:
        return ()
    said = [
        each.push.start_at
        for each in posted
        if each.push.kind in push_again.LATER and each.push.state != "stopped"
    ]
    names = {each.id: each.name for each in targets.every(view)}
    people = publication_lists.people(view, (each.keyed_by for each in tasks))
    return tuple(
        Task(
            recipient=each,
            name=names.get(each.target, ""),
            keyed_by=people[each.keyed_by].name if each.keyed_by in people else "",
            behind=bool(said and each.keyed_at and each.keyed_at <= said[-1]),
        )
        for each in tasks
    )
