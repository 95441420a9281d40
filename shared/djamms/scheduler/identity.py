"""The ids that clients make."""

from uuid import UUID, uuid5

# Of DJAMMS' schedule entries; to change it would give every such entry another id.
NAMESPACE = UUID("6b0f3f2e-58c4-5a0d-9a53-2f1a0c7d9e44")


def entry_id_of(said: str) -> UUID:
    """A UUID as it is; of any other text always the same one. Bodies come without the space around
    their texts, addresses with it."""
    said = said.strip()
    try:
        return UUID(said)
    except ValueError:
        return uuid5(NAMESPACE, said)
