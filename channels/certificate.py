"""Why a TLS connection was not made: a certificate that ran out is told apart from one that nobody vouches for."""

import ssl

EXPIRED = 10  # OpenSSL's number for a certificate that ran out


def refusal(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """The refused certificate at the bottom of what a library raised, if that was it."""
    seen: set[int] = set()
    below: BaseException | None = error
    while below is not None and id(below) not in seen:
        if isinstance(below, ssl.SSLCertVerificationError) and hasattr(below, "verify_code"):
            return below
        seen.add(id(below))
        below = getattr(below, "os_error", None) or below.__cause__ or below.__context__
    return None


def ran_out(refused: ssl.SSLCertVerificationError) -> bool:
    return refused.verify_code == EXPIRED
