"""Steps of a job of which none waits for another to succeed."""

from collections.abc import Callable, Mapping

from djamms.observability import logger


def run_all(steps: Mapping[str, Callable[[], int | dict[str, int]]]) -> dict[str, int]:
    """What each did, under its name or under those that it gives. Raises an ExceptionGroup of all
    that failed once the others are through."""
    done: dict[str, int] = {}
    failed: list[Exception] = []
    for name, step in steps.items():
        try:
            found = step()
            done |= found if isinstance(found, dict) else {name: found}
        # Whatever it is, the next step is not to blame.
        except Exception as error:  # noqa: BLE001
            logger.exception("step_failed", extra={"step": name})
            failed.append(error)
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {len(steps)} steps failed", failed)
    return done
