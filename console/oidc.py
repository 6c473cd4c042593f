"""Signing in by the office's own identity provider (OpenID Connect, code flow with PKCE). It says who; rights stay here.

docs/decisions/0016-single-sign-on.md holds the rules.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import partial
from hashlib import sha256
from secrets import compare_digest, token_urlsafe
from typing import Any

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import signin
from console.page import redirect
from console.session import cookie, desk_of, forget, remember
from desk import accounts
from desk.desk import Desk
from sop.errors import N_, DeskError

COOKIE = "tanggap_sso"
LASTS = 600  # seconds between leaving for the provider and coming back
ALGORITHMS = [
    "RS256",
    "PS256",
    "ES256",
    "RS384",
    "RS512",
    "ES384",
    "EdDSA",
]  # signed by the provider's own key alone
PATIENCE = 10.0  # seconds for each answer of the provider
LEEWAY = 60  # seconds by which its clock may be off


class SingleSignOn(Struct, frozen=True, kw_only=True):
    """`mail_domain`: a verified address login@mail_domain links that login by itself; "" links nobody by themselves."""

    issuer: str
    client_id: str
    client_secret: str
    mail_domain: str = ""


class ProviderAway(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "Layanan SSO tidak dapat dihubungi atau jawabannya tidak sah. Coba lagi, atau masuk dengan kata sandi."
            )
        )


class SignInStale(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Proses masuk lewat SSO sudah kedaluwarsa. Mulai lagi dari tombolnya."))


class SignInRefused(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Layanan SSO tidak mengizinkan Anda masuk."))


class NotLinked(DeskError):
    """Known to the provider, to nobody here: an account never comes by itself."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            N_(
                "Identitas SSO Anda belum terhubung dengan akun petugas. Sampaikan nilai ini kepada penyelia: {subject}"
            ),
            subject=subject,
        )


class Trip(Struct, frozen=True, kw_only=True):
    """What this browser left with, kept in its own cookie, signed."""

    state: str
    nonce: str
    verifier: str
    to: str
    until: int


async def start(request: Request) -> Response:
    """On to the provider. Raises ProviderAway."""
    desk, sso = desk_of(request), _sso(request)
    request.state.again = _again
    found = await _discovered(sso)
    trip = Trip(
        state=token_urlsafe(24),
        nonce=token_urlsafe(24),
        verifier=token_urlsafe(48),
        to=request.query_params.get("lanjut", "/")[:500],
        until=int(desk.real().timestamp()) + LASTS,
    )
    async with _client(desk, sso) as client:
        address, _ = client.create_authorization_url(
            found["authorization_endpoint"], state=trip.state, nonce=trip.nonce, code_verifier=trip.verifier
        )
    response = redirect(address)
    remember(desk, response, COOKIE, _sealed(desk, trip), LASTS)
    return response


async def back(request: Request) -> Response:
    """Back from the provider, with a code of one use. Raises SignInStale, SignInRefused, ProviderAway, NotLinked."""
    desk, sso = desk_of(request), _sso(request)
    request.state.again = _again
    trip = _opened(desk, request.cookies.get(cookie(desk, COOKIE), ""))
    given = request.query_params
    if trip is None or not compare_digest(given.get("state", "").encode(), trip.state.encode()):
        raise SignInStale
    request.state.again = partial(_again, to=trip.to)
    if given.get("error"):
        raise SignInRefused
    if given.get("iss", sso.issuer) != sso.issuer:
        raise ProviderAway
    claims = await _claims(desk, sso, given.get("code", ""), trip)
    officer = await _officer(desk, sso, claims)
    response = await signin.after_first(request, officer, FormData({"lanjut": trip.to}))
    forget(desk, response, COOKIE)
    return response


async def _officer(desk: Desk, sso: SingleSignOn, claims: dict[str, Any]) -> int:
    """Linked by an admin, or by a verified address of the office's own domain. Raises NotLinked, ProviderAway."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= accounts.SUBJECT_LONGEST:
        raise ProviderAway
    mail = claims.get("email") if claims.get("email_verified") is True else ""
    login, _, domain = str(mail or "").lower().rpartition("@")
    own = login if sso.mail_domain and domain == sso.mail_domain.lower() else ""
    officer = await desk.db.write(accounts.of_provider, subject, own, desk.clock())
    if officer is None:
        raise NotLinked(subject)
    return officer


async def _discovered(sso: SingleSignOn) -> dict[str, Any]:
    """The provider's own description. Raises ProviderAway, also where it speaks for another issuer."""
    found = await _fetched(f"{sso.issuer.rstrip('/')}/.well-known/openid-configuration")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if found.get("issuer") != sso.issuer or not all(isinstance(found.get(name), str) for name in needed):
        raise ProviderAway
    return found


async def _fetched(address: str) -> dict[str, Any]:
    import httpx

    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.get(address)
            found = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        raise ProviderAway from None
    if not isinstance(found, dict):
        raise ProviderAway
    return found


async def _claims(desk: Desk, sso: SingleSignOn, code: str, trip: Trip) -> dict[str, Any]:
    """What the provider signed for us, for this sign-in alone. Raises ProviderAway."""
    import httpx
    from authlib.integrations.base_client import OAuthError
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    found = await _discovered(sso)
    try:
        async with _client(desk, sso) as client:
            token = await client.fetch_token(found["token_endpoint"], code=code, code_verifier=trip.verifier)
        keys = KeySet.import_key_set(await _fetched(found["jwks_uri"]))  # type: ignore[arg-type]  # checked by it
        signed = jwt.decode(str(token.get("id_token", "")), keys, algorithms=ALGORITHMS)
        rules = jwt.JWTClaimsRegistry(
            now=int(desk.real().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": sso.issuer},
            aud={"essential": True, "value": sso.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": trip.nonce},
        )
        rules.validate(signed.claims)
    except (httpx.HTTPError, OAuthError, JoseError, ValueError, KeyError, TypeError):
        raise ProviderAway from None
    if signed.claims.get("azp", sso.client_id) != sso.client_id:
        raise ProviderAway
    return dict(signed.claims)


def _client(desk: Desk, sso: SingleSignOn) -> Any:
    from authlib.integrations.httpx_client import AsyncOAuth2Client

    return AsyncOAuth2Client(
        sso.client_id,
        sso.client_secret,
        scope="openid email",
        redirect_uri=f"{desk.public_url}/login/sso/kembali",
        code_challenge_method="S256",
        timeout=PATIENCE,
    )


def _sso(request: Request) -> SingleSignOn:
    sso: SingleSignOn | None = request.app.state.sso
    if sso is None:
        raise HTTPException(404)
    return sso


def _sealed(desk: Desk, trip: Trip) -> str:
    body = json.dumps([trip.state, trip.nonce, trip.verifier, trip.to, trip.until]).encode()
    return f"{urlsafe_b64encode(body).decode()}.{_seal(desk, body)}"


def _opened(desk: Desk, value: str) -> Trip | None:
    """None for a cookie that we did not write, or long ago."""
    packed, _, seal = value.partition(".")
    try:
        body = urlsafe_b64decode(packed)
    except ValueError:
        return None
    if not compare_digest(seal.encode(), _seal(desk, body).encode()):
        return None
    state, nonce, verifier, to, until = json.loads(body)
    return (
        Trip(state=state, nonce=nonce, verifier=verifier, to=to, until=until)
        if desk.real().timestamp() < until
        else None
    )


def _seal(desk: Desk, body: bytes) -> str:
    return hmac.new(desk.secret.encode(), b"sso\n" + body, sha256).hexdigest()


async def _again(request: Request, refused: str, _: DeskError, to: str = "/") -> Response:
    return signin.form(request, to=to, status=401, refused=refused)


ROUTES = (
    Route("/login/sso", start, methods=["GET"]),
    Route("/login/sso/kembali", back, methods=["GET"]),
)
