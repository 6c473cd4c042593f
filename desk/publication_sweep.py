"""What falls due on a publication's open stay: reminders to its lane, a word to the rung above (P7)."""

from datetime import datetime

from desk import dispositions, publication_notify, publication_steps, publishing
from sop.office import Office
from sop.reminder import reminders
from store import publications, trail, visits
from store.db import Change
from store.visits import Open


def tend(change: Change, office: Office, current: Open, now: datetime) -> None:
    """Remind; of reminders that are outdated by now only the latest is sent, the others are noted."""
    publication = publications.find(change, current.case)
    bound = office.pinned(publication.procedure) if publication else None
    if publication is None or bound is None:
        visits.look_again(change, current.id, None)
        return
    all_of_it = reminders(bound.procedure, current.visit, publication_steps.calendar_of(office, publication))
    fresh = [
        each for each in all_of_it if each.at <= now and visits.remind(change, current.id, each.kind, now)
    ]
    later = next((each.at for each in all_of_it if each.at > now), None)
    visits.look_again(change, current.id, later)
    if not fresh:
        return
    last = fresh[-1]
    if last.kind == "escalate":
        dispositions.escalate(change, office, publication, current, now)
    else:
        publication_notify.remind(change, office, publication, last.lane, now)
    trail.add(
        change,
        f"reminder.{last.kind}",
        now,
        ticket=publication.id,
        case_kind=publications.CASE,
        visit=current.id,
    )
    publishing.tell(change, publication)
