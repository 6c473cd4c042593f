"""What the world sees of the desk: SPF, DKIM and DMARC of its mail address, and the certificate of its public address."""

import asyncio
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from dns import asyncresolver
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer

from channels.certificate import ran_out
from tanggap.diagnosis import Finding, Patient, trouble, unknown, warning, well
from tanggap.language import _

TIMEOUT = 3.0  # seconds for one name
SELECTORS = ("default", "mail", "dkim", "google", "selector1", "selector2", "s1", "k1", "zmail")
SOON = 14  # days before its end from which a certificate is told of


async def mail_names(patient: Patient) -> Sequence[Finding]:
    """Without these, answers land among the spam. A resolver that does not answer is no fault."""
    block: Any = patient.settings.channels.get("mail")
    if block is None:
        return []
    resolver = _resolver(patient)
    if resolver is None:
        return [unknown("dns", _("tidak dapat diperiksa: mesin ini tidak mengenal server nama"))]
    domain = block.domain
    try:
        spf, dmarc = await asyncio.gather(_texts(resolver, domain), _texts(resolver, f"_dmarc.{domain}"))
        keys = await asyncio.gather(*(_texts(resolver, f"{each}._domainkey.{domain}") for each in SELECTORS))
    except DNSException as error:
        return [unknown("dns", _("tidak dapat diperiksa: {reason}", reason=type(error).__name__))]
    return [_spf(domain, spf), _dmarc(domain, dmarc), _dkim(domain, [text for key in keys for text in key])]


def _resolver(patient: Patient) -> asyncresolver.Resolver | None:
    try:
        resolver = asyncresolver.Resolver(configure=patient.nameservers is None)
    except DNSException:
        return None
    if patient.nameservers:
        host, resolver.port = patient.nameservers
        resolver.nameservers = [host]
    resolver.lifetime = TIMEOUT
    return resolver


async def _texts(resolver: asyncresolver.Resolver, name: str) -> list[str]:
    """The TXT records of a name; none when there is no such name. Raises DNSException when nobody answers."""
    try:
        answer = await resolver.resolve(name, "TXT")
    except (NXDOMAIN, NoAnswer):
        return []
    return [b"".join(record.strings).decode(errors="replace") for record in answer]


def _spf(domain: str, texts: list[str]) -> Finding:
    found = [text for text in texts if text.lower().startswith("v=spf1")]
    if len(found) == 1:
        return well("dns.spf", _("SPF {domain} ada", domain=domain))
    words = _("SPF {domain} tidak ada", domain=domain)
    if found:
        words = _("SPF {domain} ada {count}, padahal hanya boleh satu", domain=domain, count=len(found))
    return warning("dns.spf", words, _('minta pengelola DNS: {domain} TXT "v=spf1 mx ~all"', domain=domain))


def _dmarc(domain: str, texts: list[str]) -> Finding:
    if any(text.upper().startswith("V=DMARC1") for text in texts):
        return well("dns.dmarc", _("DMARC {domain} ada", domain=domain))
    remedy = _('minta pengelola DNS: {name} TXT "v=DMARC1; p=none"', name=f"_dmarc.{domain}")
    return warning("dns.dmarc", _("DMARC {domain} tidak ada", domain=domain), remedy)


def _dkim(domain: str, texts: list[str]) -> Finding:
    """The selector is the mail server's choice, so that its absence under the usual ones is no proof."""
    if any("p=" in text for text in texts):
        return well("dns.dkim", _("DKIM {domain} ada", domain=domain))
    words = _("DKIM {domain} tidak ditemukan pada selektor yang lazim", domain=domain)
    return unknown("dns.dkim", words)


async def certificate(patient: Patient) -> Sequence[Finding]:
    url = urlsplit(patient.settings.desk.public_url)
    if url.scheme != "https" or not url.hostname:
        return []
    port = url.port or 443
    context = patient.trust or ssl.create_default_context()
    renew = _("perbarui sertifikat reverse proxy, misalnya: sudo systemctl reload caddy")
    try:
        async with asyncio.timeout(TIMEOUT):
            _reader, writer = await asyncio.open_connection(
                url.hostname, port, ssl=context, server_hostname=url.hostname
            )
    except ssl.SSLCertVerificationError as error:
        if ran_out(error):
            return [trouble("tls", _("sertifikat {host} sudah habis masanya", host=url.hostname), renew)]
        words = _("sertifikat {host} ditolak: {reason}", host=url.hostname, reason=error.verify_message)
        return [trouble("tls", words, renew)]
    except (OSError, TimeoutError) as error:
        words = _(
            "{host} tidak tercapai dari mesin ini ({reason})", host=url.hostname, reason=type(error).__name__
        )
        return [unknown("tls", words)]
    found = writer.get_extra_info("ssl_object").getpeercert()
    writer.close()
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC)
    days = (ends - patient.now()).days
    words = _("sertifikat {host} berlaku {days} hari lagi", host=url.hostname, days=days)
    return [warning("tls", words, renew) if days < SOON else well("tls", words)]
