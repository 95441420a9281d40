"""Builds the layers: `python -m layers.build [--target arm64|host] [recipe …]`.

Wheels only, at the versions and hashes of requirements.lock. `arm64` is what Lambda runs, `host`
is the same for this machine. A layer whose inputs have not changed is left alone.
"""

import argparse
import compileall
import fcntl
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from uv import find_uv_bin

from layers.recipes import (
    BUILD,
    LOCK,
    OWN,
    PACKAGE,
    RECIPES,
    Target,
    below,
    digest,
    requirements,
)

ARM64 = ("--python-version", "3.13", "--python-platform", "aarch64-manylinux_2_28")
MOUNT = "/opt"  # where Lambda puts a layer
# Never needed by a function: test suites, type stubs, scripts; and pydantic's first version, 20 ms
# of imports, which FastAPI only asks whether a model is of it, and does without.
SURPLUS = ("bin", "*/tests", "*/testing", "**/*.pyi", "*.dist-info/RECORD")

# gRPC and Protobuf, 17 MB, which the client of OpenSearch loads only for who speaks them.
NOT_CARRIED = ("opensearch-protobufs",)


class LayerError(Exception):
    """One sentence that says which layer could not be built, then what uv says."""


def build(recipe: str, target: Target) -> Path:
    """The layer's folder, whose only entry is `python/`."""
    with exclusive():
        return _build(recipe, target)


def _build(recipe: str, target: Target) -> Path:
    result = BUILD / recipe / target
    stamp = BUILD / recipe / f"{target}.digest"
    if stamp.exists() and result.exists() and stamp.read_text() == digest(recipe):
        return result
    stamp.unlink(missing_ok=True)
    remove(result)
    draft = BUILD / recipe / f"{target}.draft"
    remove(draft)
    fill(draft / "python", recipe, target)
    draft.rename(result)
    stamp.write_text(digest(recipe))
    return result


def fill(folder: Path, recipe: str, target: Target) -> None:
    folder.mkdir(parents=True)
    if recipe != OWN:
        install(folder, recipe, target)
        prune(folder)
    elif target == "host":
        # A change in the sources has to reach the workers without a build.
        (folder / OWN).symlink_to(PACKAGE)
        return
    else:
        shutil.copytree(PACKAGE, folder / OWN, ignore=shutil.ignore_patterns("__pycache__"))
    compile_tree(folder.parent, MOUNT if target == "arm64" else str(BUILD / recipe / target))


def install(folder: Path, recipe: str, target: Target) -> None:
    excludes = folder.parent / "excludes.txt"
    excludes.write_text("\n".join([*carried_below(recipe, target), *NOT_CARRIED]))
    command = [
        *(find_uv_bin(), "pip", "install", "--quiet", "--no-config", "--only-binary", ":all:"),
        *("--python", sys.executable, "--target", str(folder)),
        *("--requirement", str(requirements(recipe)), "--constraint", str(LOCK)),
        *("--excludes", str(excludes)),
        *(ARM64 if target == "arm64" else ()),
    ]
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise LayerError(f"The layer {recipe} could not be built.\n{done.stderr.strip()}")
    excludes.unlink()


def carried_below(recipe: str, target: Target) -> list[str]:
    folders = [_build(name, target) / "python" for name in below(recipe)]
    infos = [path for folder in folders for path in folder.glob("*.dist-info")]
    return sorted(path.name.split("-")[0] for path in infos)


def prune(folder: Path) -> None:
    for pattern in SURPLUS:
        for path in list(folder.glob(pattern)):
            remove(path)
    (folder / ".lock").unlink(missing_ok=True)


def compile_tree(folder: Path, mount: str) -> None:
    """Bytecode that is valid whatever the files' dates.

    Lambda's file system is read-only, so without it each cold start compiles every module anew;
    and archives for Lambda fix all dates, so bytecode that checks a date would never be used.
    """
    compileall.compile_dir(
        folder,
        quiet=2,
        optimize=0,  # whatever the process that builds runs with
        stripdir=str(folder),
        prependdir=mount,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def size_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def exclusive() -> Iterator[None]:
    """Two builders at once (two test workers, say) must not share a draft."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", choices=("arm64", "host"), action="append")
    parser.add_argument("recipes", nargs="*", choices=[[], *RECIPES])
    arguments = parser.parse_args()
    for target in arguments.target or ("arm64", "host"):
        for recipe in arguments.recipes or RECIPES:
            size = size_bytes(build(recipe, target))
            sys.stdout.write(f"{target:6} {recipe:10} {size / 1e6:7.1f} MB\n")


if __name__ == "__main__":
    main()
