"""Rows of the store as flat records for people and programs outside: codes and logins instead of our ids."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sop.procedure import find_step
from sop.publication import Publication
from sop.ticket import Ticket
from store import office as offices
from store import officers
from store.attachments import Attachment
from store.db import View
from store.messages import Message
from store.targets import Target
from store.trail import Event
from store.visits import Open

Record = dict[str, Any]


class Names:
    """Codes and logins for the ids in rows, as one still picture of the office at `now`."""

    def __init__(self, view: View, now: datetime) -> None:
        self.office = offices.current(view)
        self._logins = {one.id: one.login for one in officers.all_of(view, now)}

    def unit(self, number: int | None) -> str | None:
        unit = self.office.units.get(number or 0)
        return unit.code if unit else None

    def officer(self, number: int | None) -> str | None:
        """The login; an account that is closed is told by its id."""
        return self._logins.get(number, str(number)) if number else None

    def categories(self, numbers: tuple[int, ...]) -> list[str]:
        return [each.code for each in self.office.tags(numbers)]

    def procedure(self, revision: int | None) -> str | None:
        bound = self.office.pinned(revision)
        return bound.code if bound else None

    def activity(self, revision: int | None, step: str) -> str:
        """What the paper calls the step."""
        bound = self.office.pinned(revision)
        found = find_step(bound.procedure, step) if bound and step else None
        return found.activity if found else step


def ticket(one: Ticket, names: Names) -> Record:
    """The token of its status page is not in it."""
    return {
        "number": one.id,
        "status": one.status.value,
        "subject": one.subject,
        "channel": one.channel,
        "name": one.name,
        "proof": one.proof,
        "language": one.language,
        "unit": names.unit(one.unit),
        "categories": names.categories(one.categories),
        "holder": names.officer(one.holder),
        "procedure": names.procedure(one.procedure),
        "step": one.step,
        "lane": one.lane,
        "messages": one.messages,
        "opened_at": one.opened_at,
        "step_at": one.step_at,
        "due_at": one.due_at,
        "answered_at": one.answered_at,
        "closed_at": one.closed_at,
        "erased_at": one.erased_at,
    }


def message(one: Message, names: Names, files: list[Attachment]) -> Record:
    return {
        "id": one.id,
        "ticket": one.ticket,
        "direction": one.direction,
        "kind": one.kind,
        "author": names.officer(one.author),
        "automatic": one.automatic,
        "channel": one.channel,
        "subject": one.subject,
        "text": one.text,
        "quoted": one.quoted,
        "written_at": one.written_at,
        "edited_at": one.edited_at,
        "revisions": one.revisions,
        "attachments": [
            {
                "name": each.file.name,
                "content_type": each.file.content_type,
                "size": each.file.size,
                "sha256": each.file.sha256,
                "state": each.state,
            }
            for each in files
        ],
    }


def visit(one: Open, names: Names) -> Record:
    stay = one.visit
    return {
        "id": one.id,
        "case": one.case,
        "case_kind": one.case_kind,
        "kind": one.kind,
        "unit": names.unit(one.unit),
        "step": stay.step,
        "lane": stay.lane,
        "round": stay.round,
        "holder": names.officer(stay.holder),
        "deputy_of": names.officer(stay.deputy_of),
        "opened_at": stay.opened_at,
        "due_at": stay.due_at,
        "closed_at": stay.closed_at,
        "decision": stay.decision,
        "code": stay.code,
        "reason": stay.reason,
        "by": names.officer(stay.by),
    }


def publication(one: Publication, names: Names, targets: Sequence[Target], links: Sequence[str]) -> Record:
    """With where it goes and where it hangs; the narration is in its archive."""
    return {
        "number": one.number,
        "status": one.status.value,
        "subject": one.subject,
        "urgent": one.urgent,
        "letter_number": one.letter_number,
        "letter_date": one.letter_date,
        "sender": one.sender,
        "wish": one.wish,
        "wished_at": one.wished_at,
        "source": one.source,
        "by": names.officer(one.by),
        "ticket": one.ticket,
        "unit": names.unit(one.unit),
        "procedure": names.procedure(one.procedure),
        "step": one.step,
        "lane": one.lane,
        "version": one.version,
        "checked": one.checked,
        "ordered": one.ordered,
        "targets": [f"{each.channel}: {each.name}" for each in targets],
        "links": list(links),
        "opened_at": one.opened_at,
        "step_at": one.step_at,
        "due_at": one.due_at,
        "publish_at": one.publish_at,
        "published_at": one.published_at,
        "closed_at": one.closed_at,
    }


def event(one: Event, names: Names) -> Record:
    """Its facts are ids, codes and hashes."""
    facts = dict(one.facts)
    return {
        "id": one.id,
        "kind": one.kind,
        "at": one.at,
        "actor": names.officer(one.actor),
        "case": facts.pop("case", None),
        "facts": facts,
    }
