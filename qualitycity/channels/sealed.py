"""Keys that must be used again and therefore cannot be hashed: sealed under a key made from DJANGO_SECRET_KEY.

Who has a copy of the database alone reads nothing. Who has the portal's environment as well reads everything: this
guards backups and registers, not against the operator. The key stream is HMAC-SHA256 over a counter under a fresh
nonce, and a second HMAC over the result tells whether it is whole – the standard library has no cipher of its own.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from itertools import count

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "qualitycity.channels.sealed"
_VERSION = "1."
_NONCE, _MARK = 16, 32  # bytes


class Unreadable(Exception):
    """Sealed under another key, for another purpose, or damaged."""


def seal(text: str, *, purpose: str) -> str:
    """`text` sealed; the same text looks different each time."""
    nonce = secrets.token_bytes(_NONCE)
    cipher = _stream(text.encode(), nonce, _key(settings.SECRET_KEY, purpose, "cipher"))
    mark = _marked(nonce + cipher, _key(settings.SECRET_KEY, purpose, "mark"))
    return _VERSION + base64.urlsafe_b64encode(nonce + cipher + mark).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Raises Unreadable. Keys that were replaced are tried too (SECRET_KEY_FALLBACKS)."""
    try:
        whole = base64.urlsafe_b64decode(sealed.removeprefix(_VERSION).encode())
    except (binascii.Error, ValueError) as error:
        raise Unreadable from error
    body, mark = whole[:-_MARK], whole[-_MARK:]
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(mark, _marked(body, _key(secret, purpose, "mark"))):
            return _stream(body[_NONCE:], body[:_NONCE], _key(secret, purpose, "cipher")).decode()
    raise Unreadable


def _key(secret: str | bytes, purpose: str, use: str) -> bytes:
    return salted_hmac(_SALT, f"{purpose}:{use}", secret=secret, algorithm="sha256").digest()


def _stream(data: bytes, nonce: bytes, key: bytes) -> bytes:
    blocks = bytearray()
    for number in count():
        if len(blocks) >= len(data):
            break
        blocks += hmac.new(key, nonce + number.to_bytes(8, "big"), hashlib.sha256).digest()
    return bytes(one ^ other for one, other in zip(data, blocks, strict=False))


def _marked(data: bytes, key: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()
