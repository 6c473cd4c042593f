"""How a button of the Humas bot names what it does."""

from sop.errors import N_
from sop.language import Language, translate
from sop.messages import Button
from sop.publication import Publication


def button(label: str, act: str, publication: Publication, *more: object) -> Button:
    """Data of at most 64 bytes: the act, the publication's id, and what the act needs."""
    return Button(label=label, data=":".join(str(each) for each in (act, publication.id, *more))[:64])


def cancel(publication: Publication, language: Language) -> tuple[Button, ...]:
    return (button(translate(N_("Batal"), language), "batal", publication),)
