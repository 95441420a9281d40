"""Synthesizes the assembly that this machine runs: `python -m infra.synth [--env dev|prod]`.

Offline, without credentials, and without the layers for Lambda: the asset hashes are right and the
assets themselves are not there (see `infra.assets`). `cdk deploy` builds them.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from infra.config import ROOT, EnvironmentName
from layers.recipes import LAYERS, LOCK, source_files, tree_digest

OUT = ROOT / "cdk.out"
DIGEST = "inputs.digest"


class SynthError(Exception):
    """One sentence that says why there is no assembly."""


def synth(environment: EnvironmentName = "dev", out: Path | None = None) -> Path:
    """The folder of the assembly; made anew only if what shapes it has changed."""
    folder = out or (OUT if environment == "dev" else OUT / environment)
    digest = inputs_digest(environment)
    stamp = folder / DIGEST
    if stamp.exists() and stamp.read_text() == digest:
        return folder
    stamp.unlink(missing_ok=True)
    run(folder, environment, assets="named", checks="false")
    stamp.write_text(digest)
    return folder


def run(folder: Path, environment: EnvironmentName, *, assets: str, checks: str) -> None:
    """What the cdk command line does with cdk.json, without the command line."""
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    context |= {"env": environment, "assets": assets, "checks": checks}
    surroundings = os.environ | {
        "CDK_OUTDIR": str(folder),
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_VALIDATION": checks,
    }
    # -O: jsii otherwise checks the type of every argument once more, at run time.
    command = [sys.executable, "-O", "-m", "infra.app"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True)
    if done.returncode:
        raise SynthError(f"The infrastructure could not be synthesized.\n{done.stderr.strip()}")
    refuse_lookups(folder)


def refuse_lookups(folder: Path) -> None:
    """An assembly that waits for a look-up in an account would differ on each machine."""
    if missing := json.loads((folder / "manifest.json").read_text()).get("missing"):
        keys = ", ".join(entry["key"] for entry in missing)
        raise SynthError(
            f"The assembly asks an AWS account for {keys}; give it in infra/config.py."
        )


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
    arguments = parser.parse_args()
    try:
        folder = synth(arguments.env, arguments.out)
    except SynthError as error:
        raise SystemExit(str(error)) from error
    sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    main()
