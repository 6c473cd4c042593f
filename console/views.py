"""The forms by which lists of the queue are kept, renamed and dropped."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import redirect
from console.session import desk_of, posted, words
from console.writing import key_of
from desk import views
from sop import filters
from sop.text import one_line


async def save(request: Request) -> Response:
    officer, form = await posted(request)
    desk, wanted = desk_of(request), filters.parse_text(words(form, "saringan")[:600])
    await desk.db.write(
        views.save,
        officer,
        one_line(words(form, "nama"), 80),
        wanted,
        one_line(words(form, "bagi"), 60),
        key=key_of(form),
        now=desk.clock(),
    )
    return redirect(f"/antrean?{filters.text(wanted)}&kabar=tampilan.")


async def change(request: Request) -> Response:
    officer, form = await posted(request)
    desk, number = desk_of(request), min(request.path_params["number"], 1 << 62)
    back = filters.text(filters.parse_text(words(form, "kembali")[:600]))
    if words(form, "aksi") == "nama":
        await desk.db.write(views.rename, officer, number, one_line(words(form, "nama"), 80))
        return redirect(f"/antrean?{back}&kabar=ganti.#saring")
    if words(form, "aksi") == "hapus":
        await desk.db.write(views.drop, officer, number)
        return redirect(f"/antrean?{back}&kabar=hapus.#saring")
    raise HTTPException(400)


ROUTES = (
    Route("/tampilan", save, methods=["POST"]),
    Route("/tampilan/{number:int}", change, methods=["POST"]),
)
