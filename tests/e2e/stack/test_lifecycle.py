"""Start, stop, second starts and the mistakes that people make."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import psutil

from local.services.process import is_running
from tests.e2e.stack.conftest import EMAIL, Djamms, eventually


def test_everything_starts_and_is_listed_and_stops(djamms: Djamms) -> None:
    shown = djamms.up().stdout
    found = djamms.status()
    services = {one["name"]: one["state"] for one in found["services"]}

    assert f"{djamms.url}/api" in shown
    assert EMAIL in shown
    assert services == {"stack": "running", "postgres": "running", "emulator": "running"}
    assert {one["name"] for one in found["functions"]} >= {"auth", "music", "ingest", "jobs"}
    assert all(one["waiting"] == 0 for one in found["queues"] if one["deadLetters"])
    assert httpx.get(f"{djamms.url}/api/health", timeout=30).status_code == 200
    # Where localhost is ::1 first, a browser asks there.
    six, named = f"http://[::1]:{djamms.port}", {"Host": f"localhost:{djamms.port}"}
    assert httpx.get(f"{six}/api/health", headers=named, timeout=30).status_code == 200

    pids = djamms.pids()
    djamms.run("down")

    assert not any(is_running(pid) for pid in pids.values())
    assert djamms.run("status", check=False).stderr.startswith("Error: No DJAMMS runs on")


def test_accounts_and_the_password_on_the_screen_survive_a_restart(djamms: Djamms) -> None:
    assert "The first administrator" in djamms.up().stdout
    with djamms.client() as client:
        before = client.get("/auth/user").json()
    djamms.run("down")

    assert "The first administrator" not in djamms.up().stdout

    with djamms.client() as client:
        assert client.get("/auth/user").json()["id"] == before["id"]


def test_ctrl_c_ends_every_process(djamms: Djamms) -> None:
    stack = subprocess.Popen(
        [sys.executable, "-m", "local", "up", "--port", str(djamms.port)],
        env=djamms.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    eventually(lambda: djamms.data.state().get("ready"), seconds=120)
    family = psutil.Process(stack.pid).children(recursive=True)
    assert len(family) > 3

    began = time.monotonic()
    stack.send_signal(signal.SIGINT)
    output, _ = stack.communicate(timeout=30)

    assert stack.returncode == 0, output
    assert time.monotonic() - began < 10
    assert not [one for one in family if one.is_running() and one.status() != "zombie"]


def test_ctrl_c_while_it_starts_ends_every_process(djamms: Djamms) -> None:
    stack = subprocess.Popen(
        [sys.executable, "-m", "local", "up", "--port", str(djamms.port)],
        env=djamms.environment(),
        stdout=subprocess.DEVNULL,
    )
    pid_file = djamms.data.emulator / "pid"
    eventually(pid_file.exists, seconds=120)
    emulator = psutil.Process(int(pid_file.read_text()))

    stack.send_signal(signal.SIGINT)

    assert stack.wait(timeout=30) == 0
    eventually(lambda: not emulator.is_running())
    assert not djamms.data.is_in_use()


def test_port_in_use_is_one_sentence(djamms: Djamms) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", djamms.port))
        taken.listen()

        done = djamms.up(check=False)

    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: Port {djamms.port} is in use by ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_second_stack_on_the_same_data_is_one_sentence(djamms: Djamms) -> None:
    djamms.up()

    done = djamms.run("up", "--port", str(djamms.port + 1), check=False)

    assert done.returncode == 1
    assert "DJAMMS already runs on" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_broken_database_files_are_one_sentence(djamms: Djamms) -> None:
    djamms.up()
    djamms.run("down")
    (djamms.data.postgres / "cluster" / "global" / "pg_control").unlink()

    done = djamms.up(check=False)

    assert done.returncode == 1
    assert "PostgreSQL did not start" in done.stderr
    assert "Traceback" not in done.stderr


def test_reset_begins_anew(djamms: Djamms) -> None:
    djamms.up()
    with djamms.client() as client:
        before = client.get("/auth/user").json()["id"]

    refused = djamms.run("reset", check=False)
    assert refused.returncode == 1
    assert djamms.root.exists()
    djamms.run("reset", "--yes")
    assert not djamms.root.exists()

    djamms.up()
    with djamms.client() as client:
        assert client.get("/auth/user").json()["id"] != before


def test_migrate_works_with_and_without_a_running_stack(djamms: Djamms) -> None:
    assert "up to date" in djamms.run("migrate").stdout
    djamms.up()
    assert "up to date" in djamms.run("migrate").stdout


def test_request_can_be_followed_through_the_logs(djamms: Djamms) -> None:
    djamms.up()
    reply = httpx.get(f"{djamms.url}/api/music/tracks", timeout=30)
    other = httpx.get(f"{djamms.url}/api/health", timeout=30)
    request_id = reply.headers["x-amzn-requestid"]

    lines = djamms.run("logs", "--request-id", request_id).stdout

    assert "gateway" in lines
    assert "music" in lines
    assert other.headers["x-amzn-requestid"] not in lines


def test_doctor_finds_nothing_wrong(djamms: Djamms) -> None:
    done = djamms.run("doctor", "--port", str(djamms.port))

    assert "FAIL" not in done.stdout
    assert "functions" in done.stdout


def test_doctor_names_a_taken_port(djamms: Djamms) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", djamms.port))
        taken.listen()

        done = djamms.run("doctor", "--port", str(djamms.port), check=False)

    assert done.returncode == 1
    assert f"Port {djamms.port} is in use" in done.stdout


def test_nothing_is_left_in_the_process_table(djamms: Djamms) -> None:
    djamms.up()
    stack = djamms.pids()["stack"]
    family = psutil.Process(stack).children(recursive=True)

    os.kill(stack, signal.SIGKILL)

    eventually(lambda: not [one for one in family if one.is_running()])
