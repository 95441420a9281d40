"""Password hashes: Argon2id with OWASP's parameters for 19 MiB, and bcrypt of an older install.

https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
BCRYPT = "$2"
# bcrypt takes no more of a password; older programs cut silently.
BCRYPT_BYTES = 72

# Verified when there is no such account, so that the answer takes as long as for one that exists.
ABSENT_ACCOUNT_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$k9IR1Djjay1uSf3ZaWS0bQ"
    "$A94q+ePakEXvJNIP9PJQXjyXeRZUQPlrXtt7mRLDPA8"
)


def hash_password(password: str) -> str:
    return HASHER.hash(password)


def verify_password(password_hash: str, password: str) -> bool:
    if is_bcrypt(password_hash):
        return _verify_bcrypt(password_hash, password)
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    return is_bcrypt(password_hash) or HASHER.check_needs_rehash(password_hash)


def is_bcrypt(password_hash: str) -> bool:
    return password_hash.startswith(BCRYPT)


def take_the_other_time(password_hash: str, password: str, *, bcrypt_rounds: int) -> None:
    """What the other kind of hash would have cost: while some accounts have bcrypt hashes, a
    failure must not tell by its time which ones."""
    if is_bcrypt(password_hash):
        verify_password(ABSENT_ACCOUNT_HASH, password)
    else:
        _verify_bcrypt(_absent_bcrypt_hash(bcrypt_rounds), password)


def _verify_bcrypt(password_hash: str, password: str) -> bool:
    import bcrypt  # 1.2 ms and a shared library, for installs that have such hashes

    try:
        return bcrypt.checkpw(password.encode()[:BCRYPT_BYTES], password_hash.encode())
    except ValueError:  # no bcrypt hash, whatever it begins with
        return False


@cache
def _absent_bcrypt_hash(rounds: int) -> str:
    """Of no password: well-formed, and as slow as those of the older install."""
    import bcrypt  # see above

    return f"{bcrypt.gensalt(rounds).decode()}{'.' * 31}"
