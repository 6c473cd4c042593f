"""What a composer's form carries, read once: words, files, the way, the moment; and the draft that it is kept as."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from starlette.datastructures import FormData, UploadFile

from console.session import words
from desk import answer
from desk.desk import Desk
from desk.seeing import workable
from sop.errors import N_, DeskError
from sop.messages import File, Kind
from sop.officer import Officer
from sop.text import one_line
from store import drafts
from store.db import View
from store.drafts import Draft

BIGGEST = 10 * 1024 * 1024  # bytes of one attachment
Act = Callable[[Desk, str, Officer, FormData], Awaitable[str]]


class MomentFaulty(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Waktu kirim tidak terbaca. Pilih tanggal dan jam, misalnya 3 Maret 2026 08.00."))


class AttachmentTooLarge(DeskError):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_("Berkas “{name}” lebih dari 10 MB. Perkecil dahulu, lalu lampirkan lagi."), name=name
        )


def template_of(form: FormData) -> int | None:
    return number_in(words(form, "templat"))


def by_of(form: FormData) -> int | None:
    return number_in(words(form, "lewat"))


def read_to_of(form: FormData) -> int | None:
    return number_in(words(form, "dibaca"))


def number_in(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def page_of(number: str, news: str = "") -> str:
    number = number.strip().removeprefix("#")
    return f"/tiket/{number}?kabar={news}.{number}" if news else f"/tiket/{number}"


def key_of(form: FormData) -> str:
    """The form's own random key: sent twice, it is done once."""
    return one_line(words(form, "kunci"), 100)


def moment_of(typed: str, zone: str) -> datetime:
    """A date and time of the wall, as a browser's field gives it. Raises MomentFaulty."""
    try:
        at = datetime.fromisoformat(typed.strip())
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise MomentFaulty from None


async def keep_drafts(
    desk: Desk, number: str, officer: Officer, form: FormData, files: Sequence[File] | None = None
) -> None:
    """`files` None: those that the draft has, and those that come with the form."""
    draft = await desk.db.read(draft_of, number, officer)
    if new := await given_files(desk, form):
        files = (*(draft.files if draft else ()), *new)
    for name, kind in (("isi", "answer"), ("catatan", "note")):
        if name in form:
            own = kind == "answer"
            await desk.db.write(
                answer.save_draft,
                number,
                officer,
                kind,
                words(form, name),
                now=desk.clock(),
                template=template_of(form) if own else None,
                files=files if own else (),
                by=by_of(form) if own else None,
            )


async def files_of(desk: Desk, number: str, officer: Officer, form: FormData) -> tuple[File, ...]:
    """Those of the draft, and those that come with the form."""
    draft = await desk.db.read(draft_of, number, officer)
    return (*(draft.files if draft else ()), *await given_files(desk, form))


def draft_of(view: View, number: str, officer: Officer) -> Draft | None:
    ticket = workable(view, number, officer)
    return drafts.find(view, ticket.id, officer.id, "answer")


async def given_files(desk: Desk, form: FormData) -> tuple[File, ...]:
    """Raises AttachmentTooLarge."""
    given = (each for each in form.getlist("berkas") if isinstance(each, UploadFile) and each.size)
    return tuple([await _kept(desk, each) for each in given])


async def _kept(desk: Desk, upload: UploadFile) -> File:
    """The bytes on disk, before the act that refers to them. Raises AttachmentTooLarge."""
    if (upload.size or 0) > BIGGEST:
        raise AttachmentTooLarge(one_line(upload.filename or "", 80))
    kind = (upload.content_type or "application/octet-stream").partition(";")[0].strip().lower()[:100]
    kept = await desk.files.keep(_chunks(upload), limit=BIGGEST)
    return replace(
        kept,
        kind=Kind.PHOTO if kind in ("image/jpeg", "image/png") else Kind.DOCUMENT,
        name=one_line(upload.filename or "", 120),
        content_type=kind if kind.isascii() and kind.isprintable() else "application/octet-stream",
    )


async def _chunks(upload: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await upload.read(1 << 16):
        yield chunk
