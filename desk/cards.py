"""A contact card that came as a file is told by the name and numbers in it."""

from sop.vcard import Card
from store import messages, search
from store.db import Change


def introduce(change: Change, message: int, card: Card) -> None:
    """Its words stand where the person wrote none; further cards of one message below the first."""
    words = messages.words_of(change, message)
    if words is None:
        return
    told = "\n".join(filter(None, (card.name, *card.phones)))
    if told not in words["text"]:
        messages.add_words(change, message, f"{words['text']}\n{told}".strip())
        search.index_again(change, message)
