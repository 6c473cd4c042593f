"""What stands before every page: headers that keep foreign code out, a cap on what comes in, and who may change things."""

from hmac import compare_digest
from urllib.parse import urlsplit

from starlette.datastructures import FormData, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST = 26 * 1024 * 1024  # bytes of one form with its attachments
YEAR = 365 * 24 * 3600  # seconds
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "
)


class Headers:
    """Adds the headers of every page; a handler's own policy (attachments) stays."""

    def __init__(self, app: ASGIApp, *, frames: bool, secure: bool) -> None:
        self._app = app
        ancestors = "'self'; frame-src 'self'" if frames else "'none'"
        self._fixed = {
            "Content-Security-Policy": POLICY + ancestors,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN" if frames else "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Cache-Control": "no-store",
        }
        if secure:
            self._fixed["Strict-Transport-Security"] = f"max-age={YEAR}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._fixed.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, _capped(receive), dressed)
        finally:
            form = scope.get("state", {}).pop("form", None)
            if isinstance(form, FormData):
                await form.close()


def _capped(receive: Receive) -> Receive:
    """The same stream, ended by 413 after `MOST` bytes."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST:
            raise HTTPException(413)
        return message

    return counted


def from_here(request: Request) -> bool:
    """Whether a change was asked for by a page of ours, as far as the browser tells.

    Under `no-referrer` an honest form may say "Origin: null"; then Sec-Fetch-Site and the form's token speak.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        return True
    return urlsplit(origin).netloc == request.headers.get("host", "")


def token_fits(given: object, expected: str) -> bool:
    return isinstance(given, str) and bool(expected) and compare_digest(given.encode(), expected.encode())
