"""What Twilio's forms say, in the desk's own words, and whether Twilio signed them. Pure: tested on recorded forms."""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from channels.webhook import same
from sop.errors import N_
from sop.messages import Delivered, File, Incoming, Kind

NAME = "whatsapp"
MOST_MEDIA = 10
STATES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
    "canceled": "failed",
}
ON_THE_WAY = {"accepted", "scheduled", "queued", "sending", "receiving", "received"}
NOT_DELIVERED = N_("WhatsApp tidak dapat menyampaikan pesan ini.")
REASONS = {
    "21211": N_("Alamat tujuan bukan nomor yang sah."),
    "21408": N_("Akun Twilio kita belum diizinkan mengirim ke negara tujuan."),
    "21610": N_("Orang ini sudah meminta berhenti menerima pesan."),
    "21614": N_("Nomor tujuan bukan nomor ponsel."),
    "21617": N_("Teks melebihi 1.600 karakter."),
    "21656": N_("Isian templat WhatsApp tidak sesuai dengan templatnya."),
    "21910": N_("Alamat pengirim dan tujuan tidak pada saluran yang sama."),
    "30007": N_("Pesan disaring oleh operator."),
    "30008": N_("Pesan tidak sampai; penyebabnya tidak diketahui."),
    "63001": N_("Kunci akun WhatsApp kita ditolak; periksa pengaturan Twilio."),
    "63003": N_("Nomor ini tidak memakai WhatsApp."),
    "63005": N_("WhatsApp menolak isi pesan ini."),
    "63007": N_("Nomor pengirim kita belum terdaftar di WhatsApp; periksa pengaturan Twilio."),
    "63012": N_("WhatsApp sedang terganggu."),
    "63013": N_("Pesan melanggar aturan WhatsApp."),
    "63015": N_("Nomor tujuan belum bergabung dengan sandbox Twilio."),
    "63016": N_(
        "Sudah lewat 24 jam sejak pesan terakhir pelapor; WhatsApp hanya menerima templat yang disetujui."
    ),
    "63018": N_("Batas laju kiriman WhatsApp tercapai."),
    "63019": N_("Lampiran tidak dapat diambil oleh Twilio."),
    "63021": N_("Jenis atau isi lampiran ditolak oleh WhatsApp."),
    "63024": N_("Nomor ini tidak dapat menerima pesan WhatsApp."),
    "63027": N_("Templat ini tidak ada dalam bahasa yang diminta."),
    "63028": N_("Jumlah isian templat WhatsApp tidak sesuai."),
    "63032": N_("WhatsApp membatasi pesan kepada orang ini untuk sementara."),
    "63033": N_("Orang ini memblokir kita di WhatsApp."),
    "63038": N_("Batas pesan harian akun Twilio kita tercapai."),
    "63049": N_("WhatsApp memilih untuk tidak menyampaikan pesan ini kepada orang tersebut."),
}

PAYLOAD = {
    "Forwarded": "forwarded",
    "FrequentlyForwarded": "frequently_forwarded",
    "Label": "title",
    "Address": "address",
    "ButtonText": "button_text",
    "ListTitle": "list_title",
    "ListDescription": "list_description",
    "ReferralHeadline": "referral_headline",
    "ReferralBody": "referral_body",
    "ReferralSourceUrl": "referral_url",
    "ReferralSourceType": "referral_type",
    "ReferralSourceId": "referral_id",
    "OptOutType": "opt_out",
}
KNOWN_TYPES = {
    "text", "image", "audio", "video", "document", "sticker", "location", "contacts", "button", "interactive", "reaction",
    "ephemeral",
}  # fmt: skip


RAW = 32_768  # characters kept of a form whose kind is not supported yet
OUTSIDE = "63016"  # the person's 24 hours are over


class Content(Struct, frozen=True, kw_only=True):
    """A template at Twilio. Only one whose `state` is "approved" opens a conversation; `variables` holds samples."""

    sid: str
    name: str
    language: str
    body: str
    variables: Mapping[str, str]
    state: str
    reason: str = ""


class Unreadable(Exception):
    """A signed form that we cannot decode. To be parked."""


def signed(token: bytes, urls: tuple[str, ...], form: Mapping[str, str], signature: bytes) -> bool:
    """Whether `signature` is Twilio's over one of our public addresses and the sorted fields."""
    fields = "".join(name + form[name] for name in sorted(form))
    return any(
        same(signature, base64.b64encode(hmac.digest(token, (url + fields).encode(), "sha1"))) for url in urls
    )


def addresses(url: str) -> tuple[str, ...]:
    """A public address with and without its port: Twilio signs sometimes one, sometimes the other."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.port is None:
        other = parts._replace(netloc=f"{host}:{443 if parts.scheme == 'https' else 80}")
    else:
        other = parts._replace(netloc=host.rpartition(":")[0])
    return url, other.geturl()


def reason(code: str) -> str:
    """A Twilio error code in plain words."""
    return REASONS.get(code, NOT_DELIVERED)


def parse_status(form: Mapping[str, str], at: datetime) -> Delivered | None:
    """A status callback. None for what is only on its way."""
    status, sid = form.get("MessageStatus", ""), form.get("MessageSid", "")
    if status in ON_THE_WAY:
        return None
    if status not in STATES or not sid:
        raise Unreadable(f"message status {status!r}"[:200])
    state = STATES[status]
    return Delivered(
        channel=NAME,
        external_id=sid,
        state=state,
        at=at,
        reason=reason(form.get("ErrorCode", "")) if state == "failed" else "",
        window=state == "failed" and form.get("ErrorCode", "") == OUTSIDE,
    )


def parse(form: Mapping[str, str], at: datetime) -> Incoming:
    """Twilio's form, received `at`. Raises Unreadable for one without an id or a sender."""
    sid = form.get("MessageSid") or form.get("SmsMessageSid", "")
    sender = form.get("From", "")
    if not sid or not sender:
        raise Unreadable("form without MessageSid or From")
    files = _files(form)
    location = _location(form)
    kind = _kind(form, files, location)
    number = sender.removeprefix("whatsapp:")
    return Incoming(
        channel=NAME,
        external_id=sid,
        key=form.get("ExternalUserId") or form.get("WaId") or number.removeprefix("+"),
        sender=sender,
        at=at,
        message_id=sid,
        name=form.get("ProfileName", ""),
        text=_text(form),
        kind=kind,
        files=files,
        location=location,
        reply_to=form.get("OriginalRepliedMessageSid", ""),
        button=form.get("ButtonPayload") or form.get("ListId", ""),
        phone=number if number.startswith("+") else "",
        payload=_payload(form, kind),
    )


def _text(form: Mapping[str, str]) -> str:
    words = form.get("Body") or form.get("ButtonText") or form.get("ListTitle", "")
    if words or "Latitude" not in form:
        return words
    return "\n".join(line for line in (form.get("Label", ""), form.get("Address", "")) if line)


def _kind(form: Mapping[str, str], files: tuple[File, ...], location: tuple[float, float] | None) -> Kind:
    if form.get("MessageType") == "reaction":
        return Kind.REACTION
    if "ButtonPayload" in form or "ListId" in form:
        return Kind.BUTTON
    if files:
        return files[0].kind
    if location is not None:
        return Kind.VENUE if form.get("Label") else Kind.LOCATION
    return Kind.TEXT if form.get("Body") else Kind.UNKNOWN


def _files(form: Mapping[str, str]) -> tuple[File, ...]:
    if form.get("NumMedia", "0") in ("0", ""):
        return ()
    return tuple(
        _file(form, form[f"MediaUrl{n}"], form.get(f"MediaContentType{n}", ""))
        for n in range(MOST_MEDIA)
        if f"MediaUrl{n}" in form
    )


def _file(form: Mapping[str, str], url: str, content_type: str) -> File:
    """A document's name is all that Twilio writes into its Body."""
    kind = _kind_of_file(content_type.partition(";")[0].strip().lower(), form.get("MessageType", ""))
    name = form.get("Body", "") if kind is Kind.DOCUMENT else ""
    return File(
        kind=kind,
        name=name if "." in name and "\n" not in name else "",
        content_type=content_type or "application/octet-stream",
        remote=url,
    )


def _kind_of_file(content_type: str, message_type: str) -> Kind:
    family, _, form = content_type.partition("/")
    if message_type == "sticker":
        return Kind.STICKER
    if family == "image":
        return Kind.PHOTO
    if family == "audio":
        return Kind.VOICE if form == "ogg" else Kind.AUDIO
    if family == "video":
        return Kind.VIDEO
    return Kind.CONTACT if form in ("vcard", "x-vcard") else Kind.DOCUMENT


def _location(form: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        place = float(form["Latitude"]), float(form["Longitude"])
    except (KeyError, ValueError):
        return None
    return place if abs(place[0]) <= 90 and abs(place[1]) <= 180 else None


def _payload(form: Mapping[str, str], read_as: Kind) -> Mapping[str, Any]:
    facts: dict[str, Any] = {ours: form[theirs] for theirs, ours in PAYLOAD.items() if form.get(theirs)}
    kind = form.get("MessageType", "")
    if kind and kind not in KNOWN_TYPES:
        facts["kinds"] = [kind]
    if kind == "ephemeral":
        facts["disappearing"] = True
    if read_as is Kind.UNKNOWN:
        facts["raw"] = json.dumps(dict(form), ensure_ascii=False)[:RAW]
    if data := form.get("InteractiveData"):
        facts["form"] = _answers(data)
    return facts


def _answers(data: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return data
