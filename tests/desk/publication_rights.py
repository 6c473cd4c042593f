"""Who may call which act on a publication: each that a page or a bot calls for an officer has its row (P14, P15)."""

from collections.abc import Callable
from typing import NamedTuple

from desk import dispositions, errata, publication_steps, publication_talk, publishing, push_again, pushing
from desk.decide import Choice
from sop.messages import File, Kind
from sop.officer import Officer
from sop.publication import Check
from store import narrations, publications
from store.db import Change
from tests.offices import wib

AT = wib("02-18 09.59")
LATER = wib("02-19 08.00")
LETTER = File(
    kind=Kind.DOCUMENT, name="surat.pdf", content_type="application/pdf", size=1, path="aa", sha256="0"
)
OWN = {
    "publication_following.follow",  # a message in the officer's own chat
    "publication_talk.ask",
    "publication_talk.begin",
    "publication_talk.drop",
    "publication_talk.fill",
    "publication_talk.propose",
    "publication_talk.reopen",
    "publication_talk.send",
    "publication_talk.skip",
    "publishing.request",  # any officer may ask for an announcement
}
"""Of the actor alone, whoever that is: a letter that they are writing."""
RECORDS = {"dispositions.refused"}


class Row(NamedTuple):
    """`may`: for whom of the chain, at the sending step, the same call is in order. `leads`: the unit's supervisor too."""

    act: Callable[[Change, str, Officer], object]
    may: str
    leads: bool = False


def _decided(change: Change, number: str, actor: Officer) -> object:
    found = publications.find(change, 101)
    assert found is not None
    stay = publication_steps.open_of(change, found)
    choice = Choice(decision="terbitkan", visit=stay.id if stay else 0)
    return dispositions.by_officer(change, number, actor, choice, key="", now=AT)


def _taken_out(change: Change, number: str, actor: Officer) -> object:
    letter = narrations.enclosures(change, 101)[0]
    return publishing.take_out(change, number, actor, letter.id, now=AT)


ROWS = {
    "dispositions.by_officer": Row(_decided, "petugas"),
    "errata.approve": Row(lambda c, n, a: errata.approve(c, n, a, key="", now=AT), "wk-humas"),
    "errata.propose": Row(lambda c, n, a: errata.propose(c, n, a, "Ralat.", key="", now=AT), "petugas"),
    "errata.reject": Row(lambda c, n, a: errata.reject(c, n, a, key="", now=AT), "wk-humas"),
    "errata.take_back": Row(lambda c, n, a: errata.take_back(c, n, a, "x", key="", now=AT), "wk-humas", True),
    "errata.try_out": Row(lambda c, n, a: errata.try_out(c, n, a, key="", now=AT), "petugas"),
    "publication_talk.toggle_check": Row(
        lambda c, n, a: publication_talk.toggle_check(c, n, a, Check.OFFICE, ticked=False, now=AT), "wk-humas"
    ),
    "publication_talk.toggle_target": Row(
        lambda c, n, a: publication_talk.toggle_target(c, n, a, 1, chosen=False, now=AT), "bpkh"
    ),
    "publishing.choose_targets": Row(lambda c, n, a: publishing.choose_targets(c, n, a, [], now=AT), "bpkh"),
    "publishing.editable": Row(publishing.editable, "wk-humas"),
    "publishing.enclose": Row(
        lambda c, n, a: publishing.enclose(c, n, a, "letter", [LETTER], key="", now=AT), "petugas"
    ),
    "publishing.take_out": Row(_taken_out, "petugas"),
    "publishing.tick": Row(lambda c, n, a: publishing.tick(c, n, a, [], now=AT), "wk-humas"),
    "publishing.withdraw": Row(lambda c, n, a: publishing.withdraw(c, n, a, key="", now=AT), "lestari", True),
    "publishing.write": Row(
        lambda c, n, a: publishing.write(c, n, a, "Lain.", read=1, key="", now=AT), "petugas"
    ),
    "push_again.send_again": Row(
        lambda c, n, a: push_again.send_again(c, n, a, None, key="", now=AT), "petugas"
    ),
    "pushing.begin": Row(lambda c, n, a: pushing.begin(c, n, a, at=LATER, key="", now=AT), "petugas"),
    "pushing.key_in": Row(lambda c, n, a: pushing.key_in(c, n, a, 1, "di lobi", now=AT), "petugas"),
    "pushing.pause": Row(lambda c, n, a: pushing.pause(c, n, a, now=AT), "petugas"),
    "pushing.resume": Row(lambda c, n, a: pushing.resume(c, n, a, now=AT), "petugas"),
    "pushing.stop": Row(lambda c, n, a: pushing.stop(c, n, a, now=AT), "petugas"),
}
