"""Restart the functions when their sources change."""

from collections.abc import Awaitable, Callable

from watchfiles import DefaultFilter, awatch

from local.paths import ROOT

FUNCTIONS = (ROOT / "shared", ROOT / "functions")
INFRASTRUCTURE = (ROOT / "infra", ROOT / "layers", ROOT / "requirements.lock")


class Sources(DefaultFilter):
    ignore_dirs = (*DefaultFilter.ignore_dirs, ".build")


async def watch_sources(
    *, restart: Callable[[], Awaitable[None]], tell: Callable[[str], None]
) -> None:
    """Until cancelled."""
    places = [path for path in (*FUNCTIONS, *INFRASTRUCTURE) if path.exists()]
    async for changes in awatch(*places, watch_filter=Sources(), step=100):
        paths = {path for _, path in changes}
        names = ", ".join(sorted(path.removeprefix(f"{ROOT}/") for path in paths)[:3])
        if any(path.startswith(tuple(str(place) for place in FUNCTIONS)) for path in paths):
            await restart()
            tell(f"{names} changed: functions restarted")
        else:
            tell(f"{names} changed: stop and start again to see it")
