"""Random words that an act needs. They come in with it, since an act may run twice."""

from secrets import token_urlsafe

from msgspec import Struct


class Ids(Struct, frozen=True):
    ticket: str  # of the reporter's status page
    conversation: str  # of signed reply addresses
    salt: str  # of the hash that stands for a text in the chain of events


def fresh() -> Ids:
    return Ids(token_urlsafe(16), token_urlsafe(12), token_urlsafe(8))
