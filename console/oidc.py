"""Signing in by the office's own identity provider (OpenID Connect)."""

from msgspec import Struct


class SingleSignOn(Struct, frozen=True, kw_only=True):
    """`mail_domain`: "" links nobody by themselves."""

    issuer: str
    client_id: str
    client_secret: str
    mail_domain: str = ""
