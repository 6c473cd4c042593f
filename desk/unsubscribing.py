"""Who ends announcements and reminders by the link in one of them. Answers to their own reports still come."""

from datetime import datetime

from desk import subscribing
from store import contacts, outbox, trail
from store.contacts import Address
from store.db import Change, View
from store.outbox import Letter

OUT = "opted_out"


def known(view: View, number: int) -> bool:
    """Whether that letter is one of ours, still kept."""
    return outbox.get(view, number) is not None


def stop(change: Change, number: int, now: datetime) -> bool:
    """The letter's address gets no announcement nor reminder any more; again changes nothing. False: no such letter."""
    letter = outbox.get(change, number)
    if letter is None:
        return False
    address = _address(change, letter, now)
    subscribing.leave(change, None, address.channel, address.value, address.contact, now)
    if address.state == OUT:
        return True
    contacts.set_state(change, address.id, OUT)
    outbox.withdraw_notices(change, letter.outgoing.channel, letter.outgoing.to)
    trail.add(change, "presence.opted_out", now, contact=address.contact)
    return True


def _address(change: Change, letter: Letter, now: datetime) -> Address:
    """An address that only ever got announcements is kept from here on: its wish has to be."""
    channel, to = letter.outgoing.channel, letter.outgoing.to
    if found := contacts.address(change, channel, to):
        return found
    contact = contacts.add(change, name="", language="id", at=now)
    contacts.add_address(change, contact=contact, channel=channel, value=to, wrote_at=None)
    made = contacts.address(change, channel, to)
    assert made is not None
    return made
