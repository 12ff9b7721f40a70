"""The signature in a certificate's QR code: it proves itself without the portal and without the record.

JWS, compact (RFC 7515), with Ed25519 (RFC 8037, RFC 9864). Each key has a number (``kid``); certificates of
former keys stay genuine as long as ``CERTIFICATE_FORMER_KEYS`` names them.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from ..models import Certificate

ALGORITHM = "Ed25519"
LONGEST = 4000


class Verdict(StrEnum):
    GENUINE = "genuine"
    CHANGED = "changed"
    UNKNOWN_KEY = "unknown_key"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Read:
    verdict: Verdict
    says: dict[str, str]
    """Empty unless genuine."""


def _key(x: str, d: str = "") -> OKPKey:
    values: dict[str, str | list[str]] = {"kty": "OKP", "crv": "Ed25519", "x": x}
    if d:
        values["d"] = d
    return OKPKey.import_key(values)


def _own_key() -> OKPKey | None:
    """The key that signs, „x.d“ in the settings; None if there is none: then nothing is signed."""
    x, _dot, d = settings.CERTIFICATE_KEY.partition(".")
    return _key(x, d) if d else None


def kid_of(key: OKPKey) -> str:
    """The beginning of the key's thumbprint (RFC 7638)."""
    return key.thumbprint()[:8]


def public_keys() -> dict[str, OKPKey]:
    """Number → public key; the one in use first."""
    own = settings.CERTIFICATE_KEY.partition(".")[0]
    keys = [_key(x) for x in (own, *settings.CERTIFICATE_FORMER_KEYS) if x]
    return {kid_of(key): key for key in keys}


def jwks() -> list[dict[str, Any]]:
    return [
        {**key.as_dict(private=False), "kid": kid, "alg": ALGORITHM, "use": "sig"}
        for kid, key in public_keys().items()
    ]


def sign(certificate: Certificate) -> str:
    """What the certificate says, signed; empty without a key. The same each time."""
    if (key := _own_key()) is None:
        return ""
    says = {
        "code": certificate.printed_code,
        "name": certificate.name,
        "since": f"{certificate.since:%Y-%m-%d}",
        "until": f"{certificate.until:%Y-%m-%d}",
        "hours": certificate.hours_label,
        "by": certificate.issuer,
        "on": f"{certificate.issued_on:%Y-%m-%d}",
    }
    text = json.dumps(
        {name: value for name, value in says.items() if value},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    header = {"alg": ALGORITHM, "kid": kid_of(key)}
    return jws.serialize_compact(header, text.encode(), key, algorithms=[ALGORITHM])


def read(text: str) -> Read:
    """What a scanned or pasted text is worth; also the whole address with the text behind its „#“."""
    if len(text) > LONGEST:
        return Read(Verdict.UNREADABLE, {})
    token = "".join(text.rpartition("#")[2].split())
    try:
        header, _payload, _signature = (_decoded(part) for part in token.split("."))
        kid = json.loads(header)["kid"]
    except (ValueError, KeyError, TypeError):
        return Read(Verdict.CHANGED if token.count(".") == 2 else Verdict.UNREADABLE, {})
    if (key := public_keys().get(str(kid))) is None:
        return Read(Verdict.UNKNOWN_KEY, {})
    try:
        found = jws.deserialize_compact(token, key, algorithms=[ALGORITHM])
        return Read(Verdict.GENUINE, json.loads(found.payload))
    except (JoseError, ValueError):
        return Read(Verdict.CHANGED, {})


def _decoded(part: str) -> bytes:
    """The bytes, if ``part`` is the one way to write them; raises ``ValueError``."""
    try:
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error as error:
        raise ValueError(part) from error
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != part:
        raise ValueError(part)
    return data
