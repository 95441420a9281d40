"""What `djamms reindex` says of a new index, and how it ends."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from local.cli import djamms
from local.commands import reindex
from local.errors import LocalError

NODE = {"urls": {"search": "http://127.0.0.1:9200"}}
NEW = {"name": "djamms-2", "state": "building", "documents": 0, "expected": 1200, "refused": 0}
LIVE = NEW | {"state": "live", "documents": 1200}


class Stack:
    """Answers what it is told to, and remembers which acts it was asked for."""

    def __init__(self, *answers: dict[str, Any], status: dict[str, Any] = NODE) -> None:
        self.status, self.acts = status, list[str]()
        self._answers: Iterator[dict[str, Any]] = iter(answers)

    def ask(self, data: object, command: str, **asked: Any) -> dict[str, Any]:
        if command == "status":
            return self.status
        self.acts.append(asked["arguments"]["act"])
        return next(self._answers)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindex, "LOOK_EVERY_SECONDS", 0)


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, stack: Stack, *words: str) -> Result:
    monkeypatch.setattr(reindex, "ask", stack.ask)
    return CliRunner().invoke(djamms, ["reindex", "--data-dir", str(folder), *words])


def test_waits_until_the_index_is_live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stack = Stack(NEW, NEW, LIVE)

    done = run(monkeypatch, tmp_path, stack)

    assert done.exit_code == 0
    assert done.output.endswith("djamms-2 is live with 1,200 documents.\n")
    assert stack.acts == ["begin", "look", "look"]


def test_says_what_was_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done = run(monkeypatch, tmp_path, Stack(LIVE | {"refused": 3}))

    assert done.output.endswith("documents. 3 were refused: see `djamms logs`.\n")


def test_does_not_wait_unless_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stack = Stack(NEW)

    assert run(monkeypatch, tmp_path, stack, "--no-wait").output == "djamms-2 is on its way.\n"
    assert stack.acts == ["begin"]


@pytest.mark.parametrize("then", [{}, LIVE | {"name": "djamms-1"}, NEW | {"name": "djamms-3"}])
def test_fails_when_somebody_else_cancels_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, then: dict[str, Any]
) -> None:
    done = run(monkeypatch, tmp_path, Stack(NEW, then))

    assert isinstance(done.exception, LocalError)
    assert str(done.exception).startswith("Somebody cancelled djamms-2")


@pytest.mark.parametrize("words", [(), ("--cancel",), ("--no-wait",)])
def test_needs_opensearch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    stack = Stack(status={"urls": {}})

    done = run(monkeypatch, tmp_path, stack, *words)

    assert isinstance(done.exception, LocalError)
    assert "`djamms up --search opensearch`" in str(done.exception)
    assert stack.acts == []
