"""The signer's and the verifier's side of RFC 9474, RSA Blind Signatures, with SHA-384 and PSS.

The respondent's browser blinds a message, this server signs what it cannot read (`blind_sign`), the browser unblinds
the result into an ordinary RSASSA-PSS signature, and this server checks that one later (`verify`). Whoever sees all of
it cannot tell which signing led to which signature, also with the private key (RFC 9474, section 7.3).

Python's `pow` is not constant-time, so how long signing takes may depend on the number signed and on the key. The
mitigation is base blinding (section 7.1): what the private key is applied to is a number that this server has just
multiplied by a secret random factor, so the time says nothing about what a respondent could choose.
"""

from __future__ import annotations

import secrets
from math import gcd

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPrivateNumbers, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA384

# RSABSSA-SHA384-PSS-Randomized and -Deterministic (RFC 9474, section 5); the PSSZERO variants have 0.
SALT_LENGTH = 48


class InvalidBlinded(ValueError):
    """What is to be signed is no blinded message: a wrong length, or a number that blinding cannot have made."""


class SigningFailed(ArithmeticError):
    """The signature just made does not verify; handing it out could give the private key away."""


def blind_sign(key: RSAPrivateKey, blinded: bytes) -> bytes:
    """Return the blind signature of a blinded message: BlindSign, RFC 9474, section 4.3.

    Refused beyond what the RFC refuses are numbers that honest blinding yields with negligible probability: 0, 1 and
    n - 1, whose signature is known without the key, and multiples of a prime of the key, which would give that prime
    away. The same blinded message always gets the same signature.

    :param blinded: big-endian, exactly as long as the key's modulus.
    :return: as many bytes.
    :raise InvalidBlinded: when it is shorter or longer, not between 1 and n - 1 (both excluded), or not coprime to n.
    :raise SigningFailed: when the result does not verify, as after a fault of the machine (section 7.1).
    """
    numbers = key.private_numbers()
    n, e = numbers.public_numbers.n, numbers.public_numbers.e
    size = modulus_length(key)
    if len(blinded) != size:
        raise InvalidBlinded(f"{len(blinded)} bytes where {size} are needed")
    message = int.from_bytes(blinded, "big")
    if not 1 < message < n - 1 or gcd(message, n) != 1:
        raise InvalidBlinded("no number that blinding makes")
    factor = _random_unit(n)
    signature = _private_power(numbers, message * pow(factor, e, n) % n) * pow(factor, -1, n) % n
    if pow(signature, e, n) != message:
        raise SigningFailed
    return signature.to_bytes(size, "big")


def verify(public_key: RSAPublicKey, message: bytes, signature: bytes, *, salt_length: int = SALT_LENGTH) -> bool:
    """Whether a signature of a prepared message is valid: RSASSA-PSS-VERIFY, RFC 8017, section 8.1.2.

    The salt must be exactly as long as agreed, so a signature of another variant is not accepted (RFC 9474, section
    4.4). What a message must look like is the caller's to check (section 7.2).

    :param message: as `Prepare` returned it, that is with the 32 random bytes in front in the randomized variants.
    """
    if len(signature) != modulus_length(public_key):
        return False
    try:
        public_key.verify(signature, message, PSS(MGF1(SHA384()), salt_length), SHA384())
    except InvalidSignature:
        return False
    return True


def modulus_length(key: RSAPrivateKey | RSAPublicKey) -> int:
    """Return how many bytes a key's modulus has, and with it every message and signature made with it."""
    return (key.key_size + 7) // 8


def _random_unit(n: int) -> int:
    """Return a random number from 2 to n - 1 that has an inverse modulo n."""
    while True:
        candidate = secrets.randbelow(n)
        if candidate > 1 and gcd(candidate, n) == 1:
            return candidate


def _private_power(numbers: RSAPrivateNumbers, base: int) -> int:
    """Return base to the power d modulo n, by the Chinese remainder theorem (RSASP1, RFC 8017, section 5.2.1)."""
    p, q = numbers.p, numbers.q
    at_p, at_q = pow(base, numbers.dmp1, p), pow(base, numbers.dmq1, q)
    return at_q + q * ((at_p - at_q) * numbers.iqmp % p)
