"""How fast a password may be guessed. A login slows down per network, so that nobody elsewhere can keep its owner out."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from msgspec import Struct

from desk.secrets import hashed
from store import sessions
from store.db import Change, View

FORGET = timedelta(days=1)  # a failure that is this old counts no more
KNOWN = timedelta(days=90)  # how long a network stays known as one that a login got in from


class Pace(Struct, frozen=True):
    """`free` tries, then 1, 2, 4, ... seconds between two of them, `slowest` at most."""

    free: int
    slowest: timedelta

    def wait(self, failures: int) -> timedelta:
        if failures < self.free:
            return timedelta(0)
        return min(timedelta(seconds=2.0 ** min(failures - self.free, 10)), self.slowest)


PAIR = Pace(3, timedelta(minutes=5))  # one login from one network
LOGIN = Pace(30, timedelta(seconds=5))  # one login from all networks that it never signed in from
NETWORK = Pace(30, timedelta(minutes=1))  # all logins from one network, but those that signed in from there
ALONE = Pace(3, timedelta(minutes=5))  # what only its owner comes to: the password page, the second step


def network(address: str) -> str:
    """Who shares a house: IPv4 /24, IPv6 /56. What is no address is taken as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    mapped = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network(f"{mapped}/{24 if mapped.version == 4 else 56}", strict=False))


def wait_left(view: View, login: str, address: str, now: datetime) -> timedelta:
    """How long this login has to wait here before its next try; zero: not at all."""
    pair, of_login, of_network, known = _keys(login, address)
    found = sessions.failures(view, [pair, of_login, of_network, known])
    paces = [(pair, PAIR)]
    if known not in found:
        paces += [(of_login, LOGIN), (of_network, NETWORK)]
    return max(_left(found, who, pace, now) for who, pace in paces)


def refused(change: Change, login: str, address: str, now: datetime) -> None:
    """Note a failed try; names and addresses are hashed."""
    for who in _keys(login, address)[:3]:
        sessions.note_failure(change, who, now, now - FORGET)


def succeeded(change: Change, login: str, address: str, now: datetime) -> None:
    """The login starts anew here; the whole network's count does not, or one's own login would pay for guesses at others."""
    pair, _, _, known = _keys(login, address)
    sessions.clear_failures(change, pair)
    sessions.clear_failures(change, known)
    sessions.note_failure(change, known, now, now)


def take_alone(change: Change, what: str, now: datetime) -> timedelta:
    """One try at what is guessed at by who is through the door already: zero, or how long to wait for it first.

    It counts before it is made, so that a burst has no more tries than a queue; `succeeded_alone` takes it back.
    """
    who = hashed(what)
    wait = _left(sessions.failures(change, [who]), who, ALONE, now)
    if not wait:
        sessions.note_failure(change, who, now, now - FORGET)
    return wait


def succeeded_alone(change: Change, what: str) -> None:
    sessions.clear_failures(change, hashed(what))


def _keys(login: str, address: str) -> tuple[str, str, str, str]:
    """(login here, login anywhere, anybody here, mark that this login once got in here)."""
    here = network(address)
    return (
        hashed(f"pair:{login}@{here}"),
        hashed(f"login:{login}"),
        hashed(f"network:{here}"),
        hashed(f"known:{login}@{here}"),
    )


def _left(found: dict[str, tuple[int, datetime]], who: str, pace: Pace, now: datetime) -> timedelta:
    failures, last = found.get(who, (0, now))
    return max(timedelta(0), last + pace.wait(failures) - now) if now - last < FORGET else timedelta(0)
