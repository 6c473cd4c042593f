"""A form whose session had ended, of a page without drafts: its words wait on a page until its writer has signed in beside it."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from console.page import page

PAGES = ("/publikasi/", "/humas/baru")
TEXTS = ("naskah", "alasan", "ralat")  # of a publication's page; a request has "isi"


def waits(request: Request, form: FormData) -> Response:
    """Sent again, it is refused once for its old session and shown with every word by the page it belongs to."""
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    texts = ("isi",) if request.url.path.startswith("/humas/") else TEXTS
    shown = [value for name, value in fields if name in texts and value.strip()]
    return page(request, "sesi_berakhir.html", status=401, fields=fields, shown=shown, to=request.url.path)
