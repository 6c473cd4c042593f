"""/humas/baru: a letter that asks for an announcement, keyed in. A refusal keeps every word and every file."""

from functools import partial
from secrets import token_urlsafe

from msgspec import Struct
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import kept_files, uploads
from console.page import page, redirect
from console.session import ask, desk_of, form_of, posted, words
from console.typed import key_of, moment_of
from console.uploads import Given
from desk import loose_files, publication_seeing, publishing
from desk.desk import Desk
from sop.errors import N_, DeskError
from sop.messages import File, Kind
from sop.officer import Officer
from sop.publication import LONGEST
from sop.text import one_line
from store import office as offices
from store.db import View

TEXT = ("perihal", "nomor", "tanggal", "pengirim", "sifat", "sasaran", "waktu", "isi", "kunci")
MANY, FIELDS = 30, 300  # files and fields that a form is read with; of files uploads.FILES are taken
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


class NoPicture(DeskError):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_(
                "“{name}” bukan gambar JPG, PNG, atau WebP. Pilih gambar lain, atau lampirkan sebagai berkas."
            ),
            name=name,
        )


class NoLetter(DeskError):
    def __init__(self, name: str) -> None:
        super().__init__(N_("“{name}” bukan PDF atau foto surat. Pindai suratnya menjadi PDF."), name=name)


class FilesTooLarge(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Berkas paling banyak 5, masing-masing 10 MB. Perkecil, lalu pilih lagi."))


class FilesGone(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_("Berkas yang diunggah lebih dari setengah hari lalu sudah tidak disimpan. Pilih sekali lagi.")
        )


class Enclosed(Struct, frozen=True, kw_only=True):
    letters: tuple[File, ...] = ()
    pictures: tuple[File, ...] = ()


async def show(request: Request) -> Response:
    return await _page(request, {"kunci": token_urlsafe(18), "sifat": "biasa"}, Enclosed())


async def send(request: Request) -> Response:
    request.state.again = _stale
    officer, form = await posted_with_files(request)
    desk = desk_of(request)
    typed = _typed(form)
    sealed = _sealed(desk, officer, form)
    before = _still_there(desk, sealed)
    request.state.again = partial(_again, typed=typed, enclosed=before)
    if before != sealed:
        raise FilesGone
    enclosed = await _kept(desk, form, before)
    request.state.again = partial(_again, typed=typed, enclosed=enclosed)
    zone = await desk.db.read(_zone, desk)
    wanted = publishing.Request(
        subject=typed["perihal"],
        text=typed["isi"],
        urgent=typed["sifat"] == "segera",
        letter_number=typed["nomor"],
        letter_date=one_line(typed["tanggal"], 10),
        sender=typed["pengirim"],
        wish=typed["sasaran"],
        wished_at=moment_of(typed["waktu"], zone) if typed["waktu"].strip() else None,
        letters=enclosed.letters,
        pictures=enclosed.pictures,
    )
    done = await desk.db.write(publishing.request, officer, wanted, key=key_of(form), now=desk.clock())
    return redirect(f"/publikasi/{done.number}?kabar=minta")


async def posted_with_files(request: Request) -> tuple[Officer, FormData]:
    """`posted`, but of a form with more files than are taken its words are read too, so that they can be shown again."""
    if uploads.is_large(request):
        await ask(request, _signed_in)  # nobody signed in: nothing of it is read
    request.state.form = await request.form(max_files=MANY, max_fields=FIELDS)
    return await posted(request)


def _signed_in(_: View, officer: Officer) -> int:
    return officer.id


async def _kept(desk: Desk, form: FormData, before: Enclosed) -> Enclosed:
    """Those that came before, and those that come now. Raises FilesTooLarge, NoPicture, NoLetter."""
    letters, pictures = given(form, "surat"), given(form, "gambar")
    many = len(letters) + len(pictures) + len(before.letters) + len(before.pictures)
    if many > uploads.FILES:
        raise FilesTooLarge
    return Enclosed(
        letters=(*before.letters, *await kept(desk, letters, "letter")),
        pictures=(*before.pictures, *await kept(desk, pictures, "picture")),
    )


def given(form: FormData, name: str) -> tuple[UploadFile, ...]:
    """The files of a field; an empty one is none."""
    found = (each for each in form.getlist(name) if isinstance(each, UploadFile))
    return tuple(each for each in found if each.filename or each.size)


async def kept(desk: Desk, files: tuple[UploadFile, ...], role: str) -> tuple[File, ...]:
    """On disk, known by their first bytes. Raises FilesTooLarge, NoPicture, NoLetter."""
    sent = Given(fields={}, files=files)
    if uploads.too_large(sent) or uploads.too_many(sent):
        raise FilesTooLarge
    found = await uploads.kept(desk, sent)
    await desk.db.write(loose_files.came, found, desk.clock())
    for each in found:
        if role == "picture" and each.content_type not in PICTURES:
            raise NoPicture(each.name)
        if role == "letter" and each.content_type != "application/pdf" and each.kind is not Kind.PHOTO:
            raise NoLetter(each.name)
    return found


def _sealed(desk: Desk, officer: Officer, form: FormData) -> Enclosed:
    return Enclosed(
        letters=kept_files.opened(desk, officer.id, form, "surat-tersimpan"),
        pictures=kept_files.opened(desk, officer.id, form, "gambar-tersimpan"),
    )


def _still_there(desk: Desk, enclosed: Enclosed) -> Enclosed:
    """Those that `desk.loose_files` has not let go of: a form may lie open for days."""
    there = {each.path for each in (*enclosed.letters, *enclosed.pictures) if desk.files.path(each).is_file()}
    return Enclosed(
        letters=tuple(each for each in enclosed.letters if each.path in there),
        pictures=tuple(each for each in enclosed.pictures if each.path in there),
    )


async def _page(
    request: Request, typed: dict[str, str], enclosed: Enclosed, status: int = 200, refused: str = ""
) -> Response:
    desk = desk_of(request)
    officer, is_open = await ask(request, _open, desk)
    return page(
        request,
        "humas_baru.html",
        status=status,
        typed=dict.fromkeys(TEXT, "") | typed,
        enclosed=enclosed,
        sealed=partial(kept_files.sealed, desk, officer),
        longest=LONGEST,
        refused=refused,
        open=is_open,
    )


async def _again(
    request: Request, reason: str, _: DeskError, typed: dict[str, str], enclosed: Enclosed
) -> Response:
    return await _page(request, typed, enclosed, 409, reason)


def _typed(form: FormData) -> dict[str, str]:
    return {name: words(form, name) for name in TEXT}


async def _stale(request: Request, reason: str, _: DeskError) -> Response:
    """A form of an older page: its words go on under the key of today's."""
    return await _page(request, _typed(await form_of(request)), Enclosed(), 409, reason)


def _open(view: View, officer: Officer, desk: Desk) -> tuple[int, bool]:
    return officer.id, bool(publication_seeing.chains(offices.current(view), desk.clock()))


def _zone(view: View, desk: Desk) -> str:
    """The wall clock on which a wished time is read: the first chain's."""
    chains = publication_seeing.chains(offices.current(view), desk.clock())
    return chains[0][0].calendar.zone if chains else desk.zone


ROUTES = (
    Route("/humas/baru", show, methods=["GET"]),
    Route("/humas/baru", send, methods=["POST"]),
)
