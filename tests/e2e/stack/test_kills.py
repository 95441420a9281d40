"""kill -9 on each part: what was stored stays, and the rest comes back by itself."""

import os
import signal

import httpx

from tests.e2e.stack.conftest import Djamms, eventually
from tests.support.audio import numbered_file


def upload(client: httpx.Client, number: int) -> str:
    """The track's id; the file lies in the bucket."""
    body = numbered_file(number, seconds=1)
    asked = {"filename": f"{number}.mp3", "contentType": "audio/mpeg", "size": len(body)}
    reply = client.post("/music/tracks", json=asked)
    assert reply.status_code == 201, reply.text
    target = reply.json()["upload"]
    stored = httpx.post(target["url"], data=target["fields"], files={"file": body}, timeout=30)
    assert stored.status_code == 204, stored.text
    return str(reply.json()["track"]["id"])


def is_ready(client: httpx.Client, track_id: str) -> bool:
    reply = client.get(f"/music/tracks/{track_id}")
    return bool(reply.status_code == 200 and reply.json()["state"] == "ready")


def kill(djamms: Djamms, name: str) -> int:
    pid = djamms.pids()[name]
    os.kill(pid, signal.SIGKILL)
    return pid


def test_database_comes_back_with_what_it_held(djamms: Djamms) -> None:
    djamms.up()
    with djamms.client() as client:
        track = upload(client, 1)
        eventually(lambda: is_ready(client, track))

        killed = kill(djamms, "postgres")

        eventually(lambda: djamms.pids()["postgres"] not in (None, killed))
        eventually(lambda: is_ready(client, track))


def test_emulator_comes_back_with_its_objects_and_wiring(djamms: Djamms) -> None:
    djamms.up()
    with djamms.client() as client:
        track = upload(client, 1)
        eventually(lambda: is_ready(client, track))

        killed = kill(djamms, "emulator")

        eventually(lambda: djamms.pids()["emulator"] not in (None, killed))
        audio = client.get(f"/music/tracks/{track}").json()["audioUrl"]
        assert eventually(lambda: httpx.get(audio, follow_redirects=True).status_code == 200)
        later = eventually(lambda: upload(client, 2))
        eventually(lambda: is_ready(client, later))


def test_upload_whose_message_died_with_the_emulator_is_found(djamms: Djamms) -> None:
    djamms.up()
    with djamms.client() as client:
        upload(client, 1)
        track = upload(client, 2)

        kill(djamms, "emulator")

        eventually(lambda: is_ready(client, track))


def test_whole_stack_starts_again_after_a_kill(djamms: Djamms) -> None:
    djamms.up()
    with djamms.client() as client:
        done, lost = upload(client, 1), upload(client, 2)
        eventually(lambda: is_ready(client, done))
        os.kill(djamms.pids()["stack"], signal.SIGKILL)

    eventually(lambda: not djamms.data.is_in_use())
    djamms.up()

    with djamms.client() as client:
        eventually(lambda: is_ready(client, done))
        eventually(lambda: is_ready(client, lost))
        assert client.get("/music/tracks").json()["pagination"]["total"] == 2
