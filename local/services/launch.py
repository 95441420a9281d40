"""Become a service: tie this process to its parent's life, give up root, then exec the command.

Run as a script, `launch.py SIGNAL UID GID COMMAND…`, by any Python without site packages. It is
a program of its own because Python code between fork and exec is unsafe once a process has
threads, and because Linux forgets the parent-death signal whenever the user changes.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(number: int) -> None:
    """Ask Linux to send us this signal when the thread that started us ends. Else do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)


def main(arguments: list[str]) -> None:
    number, uid, gid = (int(word) for word in arguments[:3])
    command = arguments[3:]
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if number:
        die_with_parent(number)
    os.execv(command[0], command)  # noqa: S606  # no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
