"""Who asked for a publication by a ticket hears there how it stands and how it ended, with where it hangs."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from desk import closing, letters, publication_notify, publication_seeing, publication_steps, visiting
from sop import reporter
from sop.errors import N_
from sop.language import Language, translate
from sop.office import Office
from sop.officer import Officer
from sop.procedure import find_step
from sop.publication import Publication, Status
from sop.ticket import Status as Standing
from sop.ticket import Ticket
from sop.visit import Move
from store import conversations, officers, publications, pushes, targets, tickets, trail
from store.db import Change, View

DONE = "publikasi"
LINKS = 10  # where it hangs, named to who asked
ENDED = {
    Status.ARCHIVED: N_("Permohonan publikasi {number} selesai: informasi sudah disebarkan."),
    Status.REJECTED: N_("Permohonan publikasi {number} tidak dapat dipenuhi."),
    Status.WITHDRAWN: N_("Permohonan publikasi {number} ditarik."),
}
TAKEN_BACK = N_("Publikasi {number} ditarik oleh pemohonnya.")
RUNNING = N_("Permohonan publikasi {number} sedang diproses.")


class Asked(Struct, frozen=True, kw_only=True):
    """The publication that a ticket asks for, as the ticket's page names it. `number` is "" where none is asked for;
    `opens`: the reader may open it.
    """

    number: str = ""
    state: str = ""
    opens: bool = False


def asked(view: View, office: Office, ticket: Ticket, actor: Officer) -> Asked:
    found = of_ticket(view, ticket)
    if found is None:
        return Asked()
    return Asked(
        number=found.number,
        state=standing(office, found, actor.language),
        opens=publication_seeing.sees(office, found, actor),
    )


def state_of(view: View, office: Office, ticket: Ticket, language: Language) -> str:
    """Where a case stands for who asked: the publication's step, where the ticket is a request for one."""
    found = of_ticket(view, ticket) if ticket.status is Standing.OPEN else None
    return standing(office, found, language) if found else reporter.state_of(office, ticket, language)


def of_ticket(view: View, ticket: Ticket) -> Publication | None:
    """The publication that a ticket asked for. A ticket that a procedure holds asked for none."""
    return publications.of_ticket(view, ticket.id) if ticket.procedure is None else None


def standing(office: Office, publication: Publication, language: Language) -> str:
    """In words, with its number and no officer's name."""
    if publication.status is not Status.RUNNING:
        return translate(ENDED[publication.status], language, number=publication.number)
    bound = office.pinned(publication.procedure)
    step = find_step(bound.procedure, publication.step) if bound else None
    words = step.state if step else ""
    if words:
        return f"{publication.number}: {words}"
    return translate(RUNNING, language, number=publication.number)


def ended(change: Change, publication: Publication, step: Move | None, now: datetime) -> None:
    """The case is over: its ticket is answered with the outcome and the links, and closed."""
    ticket = tickets.find(change, publication.ticket) if publication.ticket else None
    if ticket is None or publication.status is Status.RUNNING:
        return
    conversation = conversations.get(change, ticket.conversation)
    words = _outcome(change, publication, step, ticket.language)
    letters.to_reporter(
        change, ticket, conversation, words, now=now, salt=ticket.token[:8], automatic=True, kind="answer"
    )
    if ticket.status is Standing.CLOSED:
        return
    for kind in ("step", "silence", "offer"):
        visiting.leave(change, ticket, kind=kind, decision=DONE, by=None, now=now)
    after = visiting.shown(closing.finished(replace(ticket, messages=ticket.messages + 1), now), None)
    tickets.save(change, after, ticket)
    trail.add(change, "closed", now, ticket=ticket.id, publication=publication.id)
    change.tell("queue", f"ticket.{ticket.id}")


def withdrawn(change: Change, ticket: Ticket, now: datetime) -> None:
    """The person took the request back: its publication ends with it, as long as nothing has gone out."""
    publication = of_ticket(change, ticket)
    if publication is None or publication.status is not Status.RUNNING or publication.published_at:
        return
    people = officers.in_lane(change, publication.lane, publication.unit, now)
    publication_notify.tell(change, people, TAKEN_BACK, now, number=publication.number)
    after = publication_steps.leave(change, publication, "ditarik", None, now)
    publications.save(change, publication_steps.over(after, Status.WITHDRAWN, now))
    for push in pushes.of_publication(change, publication.id):
        if push.state in ("planned", "paused"):
            pushes.set_state(change, push.id, "stopped", ended_at=now)
    trail.add(change, "withdrawn", now, ticket=publication.id, case_kind=publications.CASE, by_reporter=True)
    change.tell("publications", f"publication.{publication.id}")


def _outcome(view: View, publication: Publication, step: Move | None, language: Language) -> str:
    said = step.says if step and step.says else ""
    words = said or translate(ENDED[publication.status], language, number=publication.number)
    if publication.status is not Status.ARCHIVED:
        return words
    return "\n".join((words, *links(view, publication.id)))


def links(view: View, publication: int) -> list[str]:
    """Where the announcement hangs: "Kabar Contoh: https://t.me/kabar/12", and what was keyed in for other media."""
    found = []
    for each in targets.hanging(view, publication):
        post = each.post.partition(" ")[0].rpartition(":")[2]
        public = each.place.startswith("https://t.me/") and "+" not in each.place
        link = each.link or (f"{each.place}/{post}" if public and post else "")
        if link:
            found.append(f"{each.name}: {link}")
    return found[:LINKS]
