"""What a layer is made of, and the digest that says when it has to be made again."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

type Target = Literal["arm64", "host"]

LAYERS = Path(__file__).resolve().parent
ROOT = LAYERS.parent
LOCK = ROOT / "requirements.lock"
PACKAGE = ROOT / "shared" / "djamms"
BUILD = LAYERS / ".build"

OWN = "djamms"  # our own package
BASE = "base"  # what every function carries: no other layer repeats it
# A layer that only stands on another repeats nothing of that one either.
STANDS_ON = {"system": (BASE, "web"), BASE: ()}
RECIPES = tuple(sorted(path.parent.name for path in LAYERS.glob("*/requirements.txt")))


def requirements(recipe: str) -> Path:
    return LAYERS / recipe / "requirements.txt"


def below(recipe: str) -> tuple[str, ...]:
    """The layers that every function with this one carries as well."""
    return STANDS_ON.get(recipe, (BASE,))


def digest(recipe: str) -> str:
    """Of all inputs. It names the layer's content before the content has been built."""
    if recipe == OWN:
        return tree_digest(PACKAGE)
    named = [requirements(name) for name in (*below(recipe), recipe)]
    inputs = (LAYERS / "build.py", *named, LOCK)
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in inputs)).hexdigest()


def tree_digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in source_files(folder):
        total.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def source_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
            yield path
