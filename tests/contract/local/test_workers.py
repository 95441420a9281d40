"""Functions in real processes, through Lambda's own bootstrap."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.invocation import InitFailed, PayloadTooLarge, Throttled
from tests.contract.local.stage import Stage, eventually
from tests.unit.local.assemblies import having, layer, sample

LIMIT = ("Probe", "Properties")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage"), sample(), max_workers=1) as stage:
        yield stage


def test_answers_with_what_the_handler_returns(stage: Stage) -> None:
    assert stage.result({})["returned"] is None


def test_hands_over_the_request_id(stage: Stage) -> None:
    invocation = stage.loop.run(stage.runtime.invoke("probe", b'{"do":"request id"}', "id-7"))

    assert b'"returned": "id-7"' in invocation.payload


def test_reuses_its_process(stage: Stage) -> None:
    assert stage.result({})["pid"] == stage.result({})["pid"]


def test_sees_its_function_and_its_layers_only(stage: Stage) -> None:
    path = stage.result({"do": "path"})["returned"]

    own = [entry for entry in path if entry.startswith(str(stage.folder))]
    assert [Path(entry).name for entry in own] == ["probe", "python", "runtime"]
    assert not [entry for entry in path if "site-packages" in entry]
    assert stage.result({"do": "import", "name": "basement"})["returned"] == "basement"


@pytest.mark.parametrize("name", ["fastapi", "djamms", "boto3", "local.gateway", "tests"])
def test_cannot_import_what_no_layer_brings(stage: Stage, name: str) -> None:
    kind, error, message = stage.failure({"do": "import", "name": name})

    assert (kind, error) == ("Handled", "ModuleNotFoundError")
    assert name in message


def test_starts_without_what_it_does_not_use(stage: Stage) -> None:
    loaded = set(stage.result({"do": "modules"})["returned"])

    assert not loaded & {"botocore", "dataclasses", "asyncio", "ctypes", "local.iam"}


def test_has_the_template_s_environment_and_lambda_s_own(stage: Stage) -> None:
    environment = stage.result({"do": "environment"})["returned"]

    assert environment["AWS_S3_BUCKET"] == "media-000000000000"
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert environment["AWS_REGION"] == "eu-central-1"
    assert "VIRTUAL_ENV" not in environment
    assert "HOME" not in environment


def test_reports_an_exception_and_lives_on(stage: Stage) -> None:
    pid = stage.result({})["pid"]

    assert stage.failure({"do": "raise", "text": "oh"}) == ("Handled", "ValueError", "oh")
    assert stage.result({})["pid"] == pid


def test_kills_a_function_at_its_timeout(stage: Stage) -> None:
    kind, error, message = stage.failure({"do": "sleep", "seconds": 30})

    assert (kind, error) == ("Unhandled", "Sandbox.Timedout")
    assert message.endswith("Error: Task timed out after 3.00 seconds")
    assert stage.result({})["returned"] is None


@pytest.mark.parametrize(
    ("action", "ending"), [("die", "signal: SIGKILL"), ("exit", "exit status 3")]
)
def test_replaces_a_worker_that_dies_at_work(stage: Stage, action: str, ending: str) -> None:
    pid = stage.result({})["pid"]

    kind, error, message = stage.failure({"do": action})

    assert (kind, error) == ("Unhandled", "Runtime.ExitError")
    assert message.endswith(ending)
    assert stage.result({})["pid"] != pid


def test_replaces_a_worker_that_dies_while_idle(stage: Stage) -> None:
    pid = stage.result({})["pid"]

    os.kill(pid, signal.SIGKILL)

    assert eventually(lambda: not psutil.pid_exists(pid))
    assert stage.result({})["pid"] != pid


def test_ends_a_function_that_takes_more_memory_than_it_has(stage: Stage) -> None:
    kind, error, message = stage.failure({"do": "grow", "mb": 300})

    assert (kind, error) == ("Unhandled", "Runtime.OutOfMemory")
    found = re.search(r"Memory Size: 256 MB Max Memory Used: (\d+) MB", message)
    assert found is not None
    assert int(found[1]) >= 256  # caught on its way up, or at the top


def test_runs_one_process_per_concurrent_request(tmp_path: Path) -> None:
    with Stage(tmp_path, sample(), max_workers=4) as stage:
        results = stage.together(*[{"do": "sleep", "seconds": 1}] * 6)

    assert len({result["pid"] for result in results}) == 4


def test_kills_what_a_function_has_started(stage: Stage) -> None:
    child = stage.result({"do": "spawn"})["returned"]

    stage.failure({"do": "sleep", "seconds": 30})

    assert eventually(lambda: not psutil.pid_exists(child) or is_zombie(child))


def test_hands_every_line_to_the_log(stage: Stage) -> None:
    stage.result({"do": "print", "text": "one\ntwo"})

    assert eventually(lambda: ("probe", "two") in stage.lines)
    assert ("probe", "one") in stage.lines


def test_refuses_an_event_that_is_too_large(stage: Stage) -> None:
    with pytest.raises(PayloadTooLarge):
        stage.result({"x": "y" * 6_300_000})


def test_refuses_a_response_that_is_too_large(stage: Stage) -> None:
    kind, error, _ = stage.failure({"do": "fill", "size": 6_300_000})

    assert (kind, error) == ("Unhandled", "Function.ResponseSizeTooLarge")


def test_new_code_runs_after_a_restart_and_running_requests_finish(tmp_path: Path) -> None:
    with Stage(tmp_path, sample()) as stage:
        old = stage.result({})["pid"]
        running = stage.runtime.invoke("probe", b'{"do": "sleep", "seconds": 1}')

        async def restart_meanwhile() -> bytes:
            import asyncio

            task = asyncio.ensure_future(running)
            await asyncio.sleep(0.2)
            (tmp_path / "functions/probe/handler.py").write_text("handler = lambda e, c: 'new'\n")
            await stage.runtime.restart_all()
            return (await task).payload

        assert f'"pid": {old}'.encode() in stage.loop.run(restart_meanwhile())
        assert stage.result({}) == "new"
        assert eventually(lambda: not psutil.pid_exists(old))


def test_says_which_module_a_missing_layer_leaves_out(tmp_path: Path) -> None:
    with Stage(tmp_path, having(sample(), [], *LIMIT, "Layers")) as stage:
        handler = tmp_path / "functions/probe/handler.py"
        handler.write_text("import basement\n" + handler.read_text())

        kind, error, message = stage.failure({})

        assert (kind, error) == ("Unhandled", "Runtime.ImportModuleError")
        assert "No module named 'basement'" in message
        with pytest.raises(InitFailed, match=r"^probe: Runtime.ImportModuleError: .*basement"):
            stage.loop.run(stage.runtime.prewarm("probe"))


def test_the_source_layer_is_the_repository_s_own(tmp_path: Path) -> None:
    template = having(sample(), layer("djamms"), "Source")
    layers = [{"Ref": "Base"}, {"Ref": "Source"}]

    with Stage(tmp_path, having(template, layers, *LIMIT, "Layers")) as stage:
        assert stage.result({"do": "import", "name": "djamms"})["returned"] == "djamms"


def test_says_when_all_workers_stay_busy(tmp_path: Path) -> None:
    template = having(sample(), 1, *LIMIT, "ReservedConcurrentExecutions")

    with Stage(tmp_path, template, max_wait_seconds=0.2) as stage:
        stage.result({})

        with pytest.raises(Throttled, match="probe: all 1 workers are busy"):
            stage.together(*[{"do": "sleep", "seconds": 1}] * 2)


def test_retires_idle_workers_but_one(tmp_path: Path) -> None:
    with Stage(tmp_path, sample(), max_workers=3, idle_seconds=0.3) as stage:
        stage.together(*[{"do": "sleep", "seconds": 0.5}] * 3)

        assert eventually(lambda: len(stage.runtime.pools["probe"].workers) == 1)


def test_workers_die_with_a_stack_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path\n"
        "from tests.contract.local.stage import Stage\n"
        "from tests.unit.local.assemblies import sample\n"
        "with Stage(Path(sys.argv[1]), sample()) as stage:\n"
        "    print(stage.result({})['pid'], flush=True)\n"
        "    stage.invoke({'do': 'sleep', 'seconds': 60})\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as stack:
        assert stack.stdout is not None
        worker = int(stack.stdout.readline())

        stack.kill()

        assert eventually(lambda: not psutil.pid_exists(worker) or is_zombie(worker))


def is_zombie(pid: int) -> bool:
    """Dead, but nobody has asked for its exit status."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
