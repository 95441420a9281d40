"""Password hashes: Argon2id with OWASP's parameters for 19 MiB.

https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Verified when there is no such account, so that the answer takes as long as for one that exists.
ABSENT_ACCOUNT_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$k9IR1Djjay1uSf3ZaWS0bQ"
    "$A94q+ePakEXvJNIP9PJQXjyXeRZUQPlrXtt7mRLDPA8"
)


def hash_password(password: str) -> str:
    return HASHER.hash(password)


def verify_password(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    return HASHER.check_needs_rehash(password_hash)
