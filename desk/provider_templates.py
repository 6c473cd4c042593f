"""The registry of WhatsApp's templates: a supervisor keeps it, the provider's word on each is pulled."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import structlog

from desk.seeing import needs_in
from sop.errors import N_, DeskError, NotFound, Unavailable
from sop.language import languages
from sop.messages import SendFailed
from sop.officer import Officer, Right
from sop.provider_template import HOLES, fitting
from sop.text import clean, one_line
from sop.way import LATE_ANSWER
from store import provider_templates, trail
from store.db import Change, Database, View
from store.provider_templates import ProviderTemplate

log = structlog.get_logger()
TOPIC = "provider_templates"
EVERY = 900.0  # seconds between two questions to the provider, unless somebody asks sooner
PURPOSES = {LATE_ANSWER: N_("Jawaban tersedia (di luar jendela 24 jam)")}
WHATSAPP = "whatsapp"


class NotASid(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("ContentSid diawali HX dan berisi 34 tanda; salin dari konsol Twilio."))


class KnownSid(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Templat dengan ContentSid itu sudah ada dalam daftar."))


class Content(Protocol):
    """What the provider says of one of its templates."""

    @property
    def sid(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str: ...


class Provider(Protocol):
    async def contents(self) -> Sequence[Content]: ...


def listed(view: View, actor: Officer) -> list[ProviderTemplate]:
    """Raises NotAllowed."""
    needs_in(actor, Right.TEMPLATES, None)
    return provider_templates.every(view, WHATSAPP)


def get(view: View, actor: Officer, number: int) -> ProviderTemplate:
    """Raises NotAllowed, NotFound."""
    needs_in(actor, Right.TEMPLATES, None)
    found = provider_templates.find(view, number) if 0 < number < 1 << 62 else None
    if found is None:
        raise NotFound(str(number)[:20])
    return found


def add(
    change: Change,
    actor: Officer,
    external: str,
    *,
    purpose: str,
    name: str,
    language: str,
    holes: Sequence[str],
    now: datetime,
) -> int:
    """Enter one; the provider is asked for its text and approval at once. Raises NotASid, KnownSid, NotAllowed."""
    needs_in(actor, Right.TEMPLATES, None)
    external = external.strip()
    if not (external.startswith("HX") and len(external) == 34 and external.isascii() and external.isalnum()):
        raise NotASid
    number = provider_templates.add(
        change,
        channel=WHATSAPP,
        external=external,
        body="",
        at=now,
        **_checked(purpose, name, language, holes),
    )
    if number is None:
        raise KnownSid
    trail.add(change, "provider_template.added", now, actor=actor.id, template=number)
    change.tell(TOPIC)
    return number


def edit(
    change: Change,
    actor: Officer,
    number: int,
    *,
    purpose: str,
    name: str,
    language: str,
    holes: Sequence[str],
    now: datetime,
) -> None:
    """Its text is the provider's and stays. Raises NotFound, NotAllowed."""
    found = get(change, actor, number)
    checked = _checked(purpose, name, language, fitting(holes, found.body) if found.body else holes)
    provider_templates.edit(change, number, body=found.body, **checked)
    trail.add(change, "provider_template.edited", now, actor=actor.id, template=number)


def set_active(change: Change, actor: Officer, number: int, active: bool, now: datetime) -> None:
    """Retire it, or use it again. Raises NotFound, NotAllowed."""
    get(change, actor, number)
    provider_templates.set_active(change, number, active)
    kind = "provider_template.revived" if active else "provider_template.retired"
    trail.add(change, kind, now, actor=actor.id, template=number)


def ask_now(change: Change, actor: Officer) -> None:
    """Have the provider asked at once. Raises NotAllowed."""
    needs_in(actor, Right.TEMPLATES, None)
    change.tell(TOPIC)


def seed(change: Change, templates: Mapping[str, str], now: datetime) -> None:
    """What config.yaml names is in the registry; what a supervisor made of it since stays."""
    for purpose, external in templates.items():
        provider_templates.add(
            change,
            channel=WHATSAPP,
            external=external,
            purpose=purpose,
            name=purpose,
            language="id",
            body="",
            holes=(),
            at=now,
        )


def pulled(change: Change, contents: Sequence[Content], now: datetime) -> None:
    """The provider's word on every template of the registry; one that it does not have is missing."""
    there = {each.sid: each for each in contents}
    for template in provider_templates.every(change, WHATSAPP):
        content = there.get(template.external)
        body = clean(content.body, 4000) if content else template.body
        state, reason = (content.state, content.reason) if content else ("missing", "")
        provider_templates.asked(
            change,
            template.id,
            state=state,
            reason=one_line(reason),
            body=body,
            holes=fitting(template.holes, body),
            at=now,
        )
        if state != template.state:
            trail.add(change, "provider_template.state", now, template=template.id, state=state)


def _checked(purpose: str, name: str, language: str, holes: Sequence[str]) -> dict[str, Any]:
    return {
        "purpose": purpose if purpose in PURPOSES else LATE_ANSWER,
        "name": one_line(name, 80) or LATE_ANSWER,
        "language": language if language in languages else "id",
        "holes": tuple(each for each in holes if each in HOLES),
    }


class Pulling:
    """Asks the provider now and then, and whenever somebody wants to know."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    async def run(self, provider: Provider) -> None:
        """Until cancelled. A provider that does not answer is asked again soon."""
        failures = 0
        with self._db.bell.ear(TOPIC) as ear:
            while True:
                failures = 0 if await self.once(provider) else failures + 1
                await ear.wait(min(2.0**failures, EVERY) if failures else EVERY)

    async def once(self, provider: Provider) -> bool:
        """False where the provider did not answer: the states stay as they were."""
        if not await self._db.read(provider_templates.every, WHATSAPP):
            return True
        try:
            contents = await provider.contents()
            await self._db.write(pulled, contents, self._clock())
        except (SendFailed, Unavailable) as trouble:
            log.warning("template states not pulled", cause=type(trouble).__name__)
            return False
        return True
