"""Install the Debian packages that the tests marked `system` need, or say which are missing."""

import os
import shutil
import subprocess
import sys

# The program that proves it → the package that brings it.
NEEDED = {"chromium": "chromium"}


def main() -> None:
    missing = [package for program, package in NEEDED.items() if not shutil.which(program)]
    if not missing:
        return
    command = f"apt-get install {' '.join(missing)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"make test-system needs {', '.join(missing)}; as root: {command}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
        done = subprocess.run(  # noqa: S603
            ["apt-get", "-qq", *words],  # noqa: S607
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(f"`{command}` failed:\n{done.stderr.strip()}")


if __name__ == "__main__":
    main()
