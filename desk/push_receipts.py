"""Receipts of an announcement: who has it, under which number, since when, and who has not and why; also as a list to
take out (CSV, XLSX, JSON lines by `desk.sheets`)."""

from collections.abc import Iterator
from typing import BinaryIO

from desk import sheets
from desk.records import Record
from sop.announcement import link_of
from sop.publication import Publication
from sop.text import mask_id, mask_mail
from store import pushes, targets
from store.db import View
from store.pushes import Recipient
from store.targets import Target

BATCH = 500


def every(view: View, publication: Publication) -> Iterator[Record]:
    """All of them, by the order in which they were taken into the audience. Addresses of persons are masked."""
    known = {each.id: each for each in targets.every(view)}
    after = 0
    while batch := pushes.recipients(view, publication.id, after=after, most=BATCH):
        yield from (_receipt(each, known[each.target]) for each in batch)
        after = batch[-1].id


def write(view: View, publication: Publication, form: str, file: BinaryIO, zone: str) -> int:
    """As "csv", "xlsx" or "jsonl"; how many. No cell becomes a formula."""
    rows = 0
    with sheets.writer(form, file, zone) as sheet:
        for each in every(view, publication):
            sheet.add(each)
            rows += 1
    return rows


def link(recipient: Recipient, target: Target) -> str:
    """Where it can be read: as keyed in for what a hand posted, else the post's own address."""
    return recipient.link or link_of(recipient.channel, recipient.address, recipient.external_id, target.link)


def _receipt(recipient: Recipient, target: Target) -> Record:
    hand = recipient.channel == "hand"
    state = ("keyed" if recipient.keyed_at else "open") if hand else recipient.state or "waiting"
    return {
        "saluran": recipient.channel,
        "sasaran": target.name,
        "penerima": _shown(recipient, target),
        "keadaan": state,
        "id_pesan": recipient.external_id.rpartition(":")[2],
        "tautan": link(recipient, target),
        "waktu": recipient.keyed_at or recipient.sent_at,
        "dikirim_lagi": "ya" if recipient.again else "",
        "sebab": recipient.error,
    }


def _shown(recipient: Recipient, target: Target) -> str:
    if target.kind != "subscribers":
        return "" if recipient.channel == "hand" else recipient.address
    return mask_mail(recipient.address) if recipient.channel == "mail" else mask_id(recipient.address)
