"""Messages out, by Twilio's client. `channels.whatsapp` imports this file in a thread."""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx2
from twilio.base.exceptions import TwilioException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.certificate import refusal
from channels.pace import Pace, in_parts
from channels.whatsapp_decode import MOST_MEDIA, OUTSIDE, REASONS, Content, reason
from sop.errors import N_
from sop.messages import RANK, File, Kind, Outgoing, Receipt, SendFailed, touches
from sop.text import split

LONGEST_TEXT = 1600
MOST_CONTENTS = 500
NOW = timedelta(0)
LATER = {
    "63012": NOW,
    "63018": timedelta(seconds=30),
    "63038": timedelta(hours=1),
    "63032": timedelta(hours=1),
}
"""Refusals that pass by themselves."""
BLOCKED = {"21610", "63033"}


class Http(AsyncHttpClient):  # type: ignore[misc]  # twilio is untyped
    """Twilio's client over httpx2: a call can be given up, and what was never sent is told from what may have arrived."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        super().__init__(logging.getLogger(__name__), is_async=True)
        self._http = http

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  (twilio's name)
        allow_redirects: bool = False,
    ) -> Response:
        patience = httpx2.Timeout(30, connect=10, pool=10)
        try:
            response = await self._http.request(
                method, uri, params=params, data=data or None, headers=headers, auth=auth, timeout=patience
            )
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            if refusal(error):
                raise SendFailed(
                    N_("Sertifikat Twilio ditolak; periksa jam mesin ini dan paket ca-certificates."),
                    retry=NOW,
                ) from None
            raise SendFailed(N_("Twilio tidak terhubung") + f": {type(error).__name__}", retry=NOW) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise SendFailed(
                N_("Jawaban Twilio hilang") + f": {type(error).__name__}", unknown=True
            ) from None
        _passing_trouble(response)
        return Response(response.status_code, response.text, response.headers)


def _passing_trouble(response: httpx2.Response) -> None:
    """Too much at once, or Twilio itself in trouble. Behind a gateway's 502 and 504 the message may have been taken."""
    status = response.status_code
    if status == 429:
        after = response.headers.get("retry-after", "")
        raise SendFailed(
            N_("Twilio meminta menunggu."), retry=timedelta(seconds=int(after) if after.isdigit() else 1)
        )
    if status in (502, 504):
        raise SendFailed(N_("Twilio terganggu") + f": jawaban {status}", unknown=True)
    if status >= 500:
        raise SendFailed(N_("Twilio terganggu") + f": jawaban {status}", retry=NOW)


class Sender:
    """Sends outbox rows from one WhatsApp number, and lists what Twilio took in for it."""

    def __init__(
        self,
        http: httpx2.AsyncClient,
        *,
        account: tuple[str, str],
        sender: str,
        api: str,
        content_api: str,
        public_url: str,
        status_url: str,
        lend: Callable[[File], str],
        pace: Pace,
    ) -> None:
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        client = Client(*account, http_client=Http(http))
        client.region = client.edge = None
        client.api.base_url = api.rstrip("/")
        client.content.base_url = content_api.rstrip("/")
        self._messages = client.messages
        self._contents = client.content.v1.content_and_approvals
        self._api = api.rstrip("/")
        self._from = sender
        self._public_url = public_url
        self._status_url = status_url
        self._lend = lend
        self._pace = pace

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Raises SendFailed, and nothing else. Free text outside the person's 24 hours is refused by WhatsApp (63016)."""
        if touches(outgoing):
            raise SendFailed(
                N_("Pesan WhatsApp yang sudah terkirim tidak dapat diubah atau ditarik; kirim ralat.")
            )
        forms = [_template(outgoing)] if outgoing.content else self._forms(outgoing)
        if not forms:
            raise SendFailed(N_("Pesan ini kosong: tidak ada teks dan tidak ada berkas."))
        parts = [partial(self._create, outgoing.to, form) for form in forms]
        turn = partial(self._pace.turn, outgoing.to, rank=RANK[outgoing.priority])
        return Receipt(external_id=await in_parts(parts, turn))

    def _forms(self, outgoing: Outgoing) -> list[dict[str, Any]]:
        """One media file a message; a single photo carries the words, other files come after them."""
        text = _words(outgoing)
        if outgoing.link and outgoing.auto:
            text = f"{text}\n\n{self._public_url}/status/{outgoing.link}".strip()
        texts: Sequence[str] = split(text, LONGEST_TEXT) if text else ()
        media = [{"media_url": [self._lend(file)]} for file in outgoing.files]
        if len(texts) == 1 and len(media) == 1 and outgoing.files[0].kind is Kind.PHOTO:
            return [{"body": texts[0], **media[0]}]
        return [{"body": part} for part in texts] + media

    async def _create(self, to: str, form: dict[str, Any]) -> str:
        try:
            message = await self._messages.create_async(
                to=to, from_=self._from, status_callback=self._status_url, **form
            )
        except SendFailed as failure:
            if failure.retry:
                self._pace.hold(to, failure.retry.total_seconds())
            raise
        except TwilioException as refusal:
            raise _failure(refusal) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SendFailed(N_("Jawaban Twilio tidak terbaca."), unknown=True) from None
        return str(message.sid)

    async def contents(self) -> tuple[Content, ...]:
        """Our templates and what WhatsApp says to them. Raises SendFailed."""
        try:
            found = await self._contents.list_async(limit=MOST_CONTENTS)
        except TwilioException as refusal:
            raise _failure(refusal) from None
        return tuple(_content(each) for each in found)

    async def received(self, since: datetime, most: int = 1000) -> list[dict[str, str]]:
        """What people wrote to us since then, oldest first, as the forms that Twilio posts. Raises SendFailed."""
        try:
            found = await self._messages.list_async(
                to=self._from, date_sent_after=since.astimezone(UTC), limit=most
            )
            return [
                await self._form(message) for message in reversed(found) if message.direction == "inbound"
            ]
        except TwilioException as refusal:
            raise _failure(refusal) from None

    async def _form(self, message: Any) -> dict[str, str]:
        """The list knows neither the person's name nor an id beside the number."""
        sender = str(message.from_)
        form = {
            "MessageSid": str(message.sid),
            "From": sender,
            "To": str(message.to),
            "Body": str(message.body or ""),
        }
        number = sender.removeprefix("whatsapp:+")
        if number.isdigit():
            form["WaId"] = number
        form["NumMedia"] = str(message.num_media or "0")
        if form["NumMedia"] != "0":
            for place, media in enumerate(
                await self._messages(message.sid).media.list_async(limit=MOST_MEDIA)
            ):
                form[f"MediaUrl{place}"] = self._api + str(media.uri).removesuffix(".json")
                form[f"MediaContentType{place}"] = str(media.content_type)
        return form


def _failure(refusal: TwilioException) -> SendFailed:
    """Twilio's error code in plain words; its own words where we have none."""
    code = str(getattr(refusal, "code", "") or "")
    status = getattr(refusal, "status", 0)
    if status in (401, 403) and code not in REASONS:
        return SendFailed(
            N_("Twilio menolak kunci akun kita; periksa pengaturan."),
            retry=timedelta(minutes=1),
            refused=True,
        )
    words = reason(code) if code in REASONS else str(getattr(refusal, "msg", "") or refusal)
    return SendFailed(words, retry=LATER.get(code), blocked=code in BLOCKED, window=code == OUTSIDE)


def _template(outgoing: Outgoing) -> dict[str, Any]:
    variables = outgoing.content.get("variables") or {}
    form: dict[str, Any] = {"content_sid": str(outgoing.content["sid"])}
    if variables:
        form["content_variables"] = json.dumps(dict(variables), ensure_ascii=False)
    return form


def _content(found: Any) -> Content:
    body = next((str(part["body"]) for part in (found.types or {}).values() if part.get("body")), "")
    approval = found.approval_requests or {}
    return Content(
        sid=str(found.sid),
        name=str(approval.get("name") or found.friendly_name or ""),
        language=str(found.language or ""),
        body=body,
        variables={str(hole): str(sample) for hole, sample in (found.variables or {}).items()},
        state=str(approval.get("status") or "unsubmitted"),
        reason=str(approval.get("rejection_reason") or ""),
    )


def _words(outgoing: Outgoing) -> str:
    """Free text on WhatsApp has no buttons: their labels are numbered, their addresses written out."""
    lines = [outgoing.text] if outgoing.text else []
    buttons = [button for row in outgoing.buttons for button in row]
    for number, button in enumerate(buttons, 1):
        lines.append(f"{button.label}: {button.url}" if button.url else f"{number}. {button.label}")
    return "\n".join(lines)
