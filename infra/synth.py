"""Synthesizes the assembly that this machine runs, and checks it.

`python -m infra.synth [--env dev|prod] [--search]`; `--search` adds OpenSearch to dev, in a folder
of its own.

Offline, without credentials, and without the layers for Lambda: the asset hashes are right and the
assets themselves are not there (see `infra.assets`). `cdk deploy` builds them.
"""

import argparse
import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.config import ROOT, EnvironmentName, config_of
from layers.recipes import LAYERS, LOCK, source_files, tree_digest

OUT = ROOT / "cdk.out"
STAMP = "synthesized-from"
CHECKED = "checked"
LOCK_FILE = "lock"


class SynthError(Exception):
    """One sentence that says why there is no assembly."""


def synth(
    environment: EnvironmentName = "dev",
    out: Path | None = None,
    *,
    checked: bool = False,
    search: bool = False,
) -> Path:
    """The folder of the assembly; made anew only if what shapes it has changed.

    `checked` adds cdk-nag and CloudFormation's own rules (3 s); a finding is a `SynthError`.
    """
    folder = out or folder_of(environment, search=search)
    digest = inputs_digest(f"{environment} {search}")
    stamp = folder / STAMP
    with exclusive(folder):
        made = stamp.read_text().split() if stamp.exists() else []
        if made[:1] != [digest] or (checked and CHECKED not in made):
            clear(folder)
            run(folder, environment, built=False, checked=checked, search=search)
            stamp.write_text(f"{digest} {CHECKED if checked else ''}")
    return folder


def folder_of(environment: EnvironmentName, *, search: bool = False) -> Path:
    if environment == "dev" and not search:
        return OUT
    return OUT / (f"{environment}-search" if search else environment)


def clear(folder: Path) -> None:
    """Of what an earlier synthesis left; the folders in it belong to others."""
    for path in folder.iterdir():
        if path.is_file() and path.name != LOCK_FILE:
            path.unlink()


def run(
    folder: Path,
    environment: EnvironmentName,
    *,
    built: bool,
    checked: bool,
    search: bool = False,
) -> None:
    """What the cdk command line does with cdk.json, without the command line."""
    config_of(environment)
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    context |= {"env": environment, "assets": "built" if built else "named"}
    context |= {"checks": json.dumps(checked), "search": json.dumps(search)}
    surroundings = os.environ | {
        "CDK_OUTDIR": str(folder),
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_VALIDATION": json.dumps(checked),
    }
    # -O: jsii otherwise checks the type of every argument once more, at run time.
    command = [sys.executable, "-O", "-m", "infra.app"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True)
    if done.returncode:
        raise SynthError(f"The infrastructure could not be synthesized.\n{reason(done.stderr)}")
    refuse_lookups(folder)


def reason(stderr: str) -> str:
    """The findings, if there are any: the stack trace below them says nothing more."""
    return stderr.split("jsii.errors.JavaScriptError")[0].strip() or stderr.strip()


def refuse_lookups(folder: Path) -> None:
    """An assembly that waits for a look-up in an account would differ on each machine."""
    if missing := json.loads((folder / "manifest.json").read_text()).get("missing"):
        keys = ", ".join(entry["key"] for entry in missing)
        raise SynthError(
            f"The assembly asks an AWS account for {keys}; give it in infra/config.py."
        )


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def inputs_digest(environment: str) -> str:
    """Of what shapes the template. The sources of functions only shape the hashes of assets, which
    nothing on this machine reads."""
    total = hashlib.sha256(f"{environment} {sys.version}".encode())
    for path in (ROOT / "cdk.json", LOCK, *source_files(LAYERS)):
        if ".build" not in path.parts:
            total.update(path.read_bytes())
    total.update(tree_digest(ROOT / "infra").encode())
    return total.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--env", choices=("dev", "prod"), default="dev")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--search", action="store_true")
    arguments = parser.parse_args()
    try:
        folder = synth(arguments.env, arguments.out, checked=True, search=arguments.search)
    except SynthError as error:
        raise SystemExit(str(error)) from error
    sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    main()
