"""A small OpenID Connect provider on loopback, strict in what it takes; a test says who is at the browser, and what it gets wrong."""

import time
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "meja-layanan", "a-secret-of-the-client"


@dataclass
class Provider:
    """`person` are the claims of who signs in; `wrong` overrides what the token says; `refuses`: "access_denied"."""

    back: str
    issuer: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "sub-sari"})
    wrong: dict[str, Any] = field(default_factory=dict)
    refuses: str = ""
    algorithm: str = "RS256"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs_with: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.describe),
                Route("/izin", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/kunci", self.keys),
            ]
        )

    async def describe(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/izin",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/kunci",
            }
            | self.said
        )

    async def authorize(self, request: Request) -> Response:
        """The person agrees at once."""
        asked = dict(request.query_params)
        honest = (
            asked.get("client_id") == CLIENT
            and asked.get("redirect_uri") == self.back
            and asked.get("response_type") == "code"
            and "openid" in asked.get("scope", "").split()
            and asked.get("code_challenge_method") == "S256"
            and len(asked.get("code_challenge", "")) == 43
            and asked.get("state")
            and asked.get("nonce")
        )
        if not honest:
            return Response(status_code=400)
        if self.refuses:
            return RedirectResponse(
                f"{self.back}?{urlencode({'error': self.refuses, 'state': asked['state']})}", 302
            )
        code = token_urlsafe(16)
        self.codes[code] = asked
        return RedirectResponse(
            f"{self.back}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}", 302
        )

    async def token(self, request: Request) -> Response:
        """A code once, to the client that holds its secret and the verifier."""
        form = await request.form()
        asked = self.codes.pop(str(form.get("code", "")), None)
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        proof = urlsafe_b64encode(sha256(str(form.get("code_verifier", "")).encode()).digest()).rstrip(b"=")
        if kind != "Basic" or b64decode(given).decode() != f"{CLIENT}:{SECRET}":
            return JSONResponse({"error": "invalid_client"}, 401)
        if (
            asked is None
            or proof.decode() != asked["code_challenge"]
            or form.get("redirect_uri") != self.back
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.person | self.wrong
        signer = self.signs_with or self.key
        key: RSAKey | OctKey = signer if self.algorithm.startswith("RS") else OctKey.import_key(SECRET)
        header = {"alg": self.algorithm, "kid": "one"}
        signed = jwt.encode(header, claims, key, algorithms=[self.algorithm])
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": signed})

    async def keys(self, request: Request) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))
