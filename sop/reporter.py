"""What a reporter is told about a case: plain words, no officer's name."""

from sop.errors import N_
from sop.language import Language, translate
from sop.office import Office
from sop.procedure import NoSuchStep, step_of
from sop.ticket import Status, Ticket


def state_of(office: Office, ticket: Ticket, language: Language) -> str:
    """Where the case stands, as its procedure words it."""
    if ticket.status is Status.CLOSED:
        return translate(N_("selesai dan ditutup"), language)
    if ticket.status is Status.ANSWERED:
        return translate(N_("sudah dijawab"), language)
    bound = office.pinned(ticket.procedure)
    if bound is None or not ticket.step:
        return translate(N_("diterima, sedang disalurkan ke unit yang tepat"), language)
    try:
        state = step_of(bound.procedure, ticket.step).state
    except NoSuchStep:
        state = ""
    return state or translate(N_("sedang ditangani"), language)
