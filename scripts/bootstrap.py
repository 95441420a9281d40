"""Make .venv ready: any python3 (3.8 or later) runs this file, and it finds Python 3.13 by itself.

Everything is installed at the versions and hashes of requirements.lock. A second run compares one
digest and ends. Only the standard library, and only syntax that Python 3.8 knows.
"""

from __future__ import annotations

import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "djamms-inputs"
LOCK = ROOT / "requirements.lock"
WANTED = "3.13"
# Beside the PATH. The shims of pyenv come last: they are there for versions that are not.
PLACES = (
    "~/.pyenv/versions/3.13*/bin/python3.13",
    "$PYENV_ROOT/versions/3.13*/bin/python3.13",
    "~/.local/share/uv/python/cpython-3.13*/bin/python3.13",
    "$UV_PYTHON_INSTALL_DIR/cpython-3.13*/bin/python3.13",
    "/opt/homebrew/bin/python3.13",
    "/usr/local/bin/python3.13",
    "/opt/homebrew/opt/python@3.13/bin/python3.13",
    "/usr/local/opt/python@3.13/bin/python3.13",
    "/Library/Frameworks/Python.framework/Versions/3.13/bin/python3.13",
    "/opt/python*/bin/python3.13",
    "/opt/*/bin/python3.13",
)
HOW_TO_GET_IT = (
    "Python 3.13 was not found, and could not be downloaded. Install it (Debian or Ubuntu: "
    "`apt install python3.13 python3.13-venv`; macOS: `brew install python@3.13`; anywhere: "
    "`pyenv install 3.13` or `uv python install 3.13`), then run make again."
)


class Problem(Exception):
    """One sentence that says what is wrong and what to do."""


def main() -> None:
    digest = inputs_digest()
    if os.access(venv_python(), os.X_OK) and STAMP.is_file() and STAMP.read_text() == digest:
        return
    STAMP.unlink(missing_ok=True)
    if not works(venv_python()):
        make_venv()
    install()
    STAMP.write_text(digest)
    say("Ready.")


def inputs_digest() -> str:
    total = hashlib.sha256(str(ROOT).encode())
    for path in (LOCK, ROOT / "pyproject.toml", Path(__file__)):
        total.update(path.read_bytes())
    return total.hexdigest()


def venv_python() -> str:
    return str(VENV / "bin" / "python")


def works(python: str) -> bool:
    """Whether it starts, is the wanted version and can make environments. Names prove nothing."""
    if not os.access(python, os.X_OK):
        return False
    code = "import ensurepip, ssl, venv, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        found = subprocess.run(  # noqa: S603
            [python, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return found.returncode == 0 and found.stdout.decode().strip() == WANTED


def candidates() -> list[str]:
    on_path = [str(Path(folder, "python3.13")) for folder in os.get_exec_path() if folder]
    shims = [path for path in on_path if "shims" in path]
    direct = [path for path in on_path if "shims" not in path]
    patterns = [os.path.expandvars(str(Path(place).expanduser())) for place in PLACES]
    known = [path for pattern in patterns for path in sorted(glob.glob(pattern), reverse=True)]  # noqa: PTH207
    return [sys.executable, *direct, *known, *shims]


def find_python() -> str:
    for python in candidates():
        if works(python):
            return str(python)
    return download_python()


def download_python() -> str:
    """With uv from the package registry, which brings a Python of its own where it may."""
    say("Python 3.13 is not here; fetching it ...")
    with tempfile.TemporaryDirectory() as folder:
        try:
            run([sys.executable, "-m", "venv", folder], HOW_TO_GET_IT)
            python = str(Path(folder, "bin", "python"))
            run([python, "-m", "pip", "install", "--quiet", *uv_requirement(folder)], HOW_TO_GET_IT)
            uv = str(Path(folder, "bin", "uv"))
            run([uv, "python", "install", "--quiet", WANTED], HOW_TO_GET_IT)
            found = run([uv, "python", "find", "--managed-python", WANTED], HOW_TO_GET_IT)
        except OSError as error:
            raise Problem(HOW_TO_GET_IT) from error
    return found.strip()


def make_venv() -> None:
    python = find_python()
    if VENV.exists() and not (VENV / "pyvenv.cfg").exists() and any(VENV.iterdir()):
        raise Problem(f"{VENV} is no Python environment; move it away, then run make again.")
    say(f"Setting up with {python}; the first time takes about a minute ...")
    shutil.rmtree(str(VENV), ignore_errors=True)
    run([python, "-m", "venv", str(VENV)], f"The environment {VENV} could not be made.")


def install() -> None:
    offline = "The packages could not be installed: is there a network, and a package registry?"
    with tempfile.TemporaryDirectory() as folder:
        pip = [venv_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, *uv_requirement(folder)], offline)
    uv = [str(VENV / "bin" / "uv"), "pip"]
    here = ["--quiet", "--python", venv_python()]
    say("Installing packages ...")
    run([*uv, "sync", *here, "--require-hashes", str(LOCK)], offline)
    run([*uv, "install", *here, "--no-deps", "--editable", str(ROOT)], offline)


def uv_requirement(folder: str) -> list[str]:
    """pip's words for the uv of the lock file, with its hashes."""
    block = re.search(r"^uv==.*?(?=^\S)", LOCK.read_text() + "end", re.MULTILINE | re.DOTALL)
    if block is None:
        raise Problem("requirements.lock does not name uv; run `make lock` in a working checkout.")
    file = Path(folder, "uv.txt")
    file.write_text(block.group(0))
    return ["--require-hashes", "--requirement", str(file)]


def run(command: list[str], problem: str) -> str:
    # PYTHONPATH or a foreign environment would leak into what is installed.
    ours = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, check=False
    )
    output = done.stdout.decode(errors="replace")
    if done.returncode:
        raise Problem("\n    ".join([problem, *output.strip().splitlines()[-8:]]))
    return output


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    try:
        main()
    except Problem as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)
