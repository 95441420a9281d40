"""Files become tracks once, whatever goes wrong on the way."""

from datetime import timedelta

import httpx
import pytest

from local.importer.api import Account, SignInFailed
from local.importer.journal import Stage
from local.importer.outcome import Result
from local.importer.patience import ServerAway
from local.importer.run import Options
from tests.unit.importer.conftest import Machine
from tests.unit.importer.fake_server import FakeServer, Track, once

BUSY = httpx.Response(503, headers={"Retry-After": "7"}, json={})
REFUSED = httpx.ConnectError("refused")
BROKEN = httpx.ReadError("reset")


def causes(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [cause for inner in error.exceptions for cause in causes(inner)]
    return [error]


def test_every_file_becomes_a_track(machine: Machine, server: FakeServer) -> None:
    contents = sorted(f"song {number}".encode() for number in range(30))
    for number, content in enumerate(contents):
        machine.add(f"album {number % 3}/{number}.mp3", content)

    assert set(machine.results()) == {Result.IMPORTED}
    assert server.ready_bodies == contents


def test_waiting_costs_far_fewer_requests_than_files(machine: Machine, server: FakeServer) -> None:
    for number in range(200):
        machine.add(f"{number}.flac", str(number).encode())

    machine.run()

    assert server.calls["GET /api/music/tracks"] + server.calls["GET /api/music/tracks/:id"] < 60


def test_many_files_are_asked_for_together(machine: Machine, server: FakeServer) -> None:
    for number in range(200):
        machine.add(f"{number}.flac", str(number).encode())

    machine.run()

    assert len(server.tracks) == 200
    assert server.calls["POST /api/music/tracks/bulk-upload"] < 40


def test_an_impossible_file_fails_alone(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"a")
    machine.add("impossible.mp3", b"i")
    machine.add("z.mp3", b"z")

    assert machine.results() == [Result.IMPORTED, Result.FAILED, Result.IMPORTED]
    assert server.ready_bodies == [b"a", b"z"]


def test_large_files_arrive_whole(machine: Machine, server: FakeServer) -> None:
    content = bytes(range(256)) * 5000
    machine.add("long.flac", content)

    assert machine.results() == [Result.IMPORTED]
    assert server.ready_bodies == [content]


def test_a_second_run_sends_nothing(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"a")
    machine.add("b.mp3", b"b")
    machine.run()

    assert machine.results() == [Result.ALREADY] * 2
    assert server.calls["POST /media"] == 2


def test_a_renamed_file_is_known_by_its_content(machine: Machine, server: FakeServer) -> None:
    path = machine.add("a.mp3", b"a")
    machine.run()
    path.rename(path.with_name("b.mp3"))

    assert machine.results() == [Result.ALREADY]


def test_a_changed_file_is_another_one(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"first")
    machine.run()
    machine.add("a.mp3", b"second")

    assert machine.results() == [Result.IMPORTED]
    assert server.ready_bodies == [b"first", b"second"]


def test_the_same_content_twice_is_one_track(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"same")
    machine.add("copy/b.mp3", b"same")

    first, second = sorted(machine.run(), key=lambda outcome: outcome.result)

    assert (first.result, second.result) == (Result.DUPLICATE, Result.IMPORTED)
    assert first.duplicate_of == second.path
    assert server.ready_bodies == [b"same"]


def test_a_server_that_lost_its_data_gets_it_again(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"a")
    machine.run()
    server.tracks.clear()
    server.ready.clear()

    assert machine.results() == [Result.IMPORTED]
    assert server.ready_bodies == [b"a"]


def test_the_server_says_why_a_file_is_no_track(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"text")
    server.ingest = lambda _: ("failed", "not_audio")

    (outcome,) = machine.run()

    assert (outcome.result, outcome.code, outcome.message) == (
        Result.FAILED,
        "not_audio",
        "It is not_audio.",
    )
    assert machine.run()[0].code == "not_audio"
    assert server.calls["POST /media"] == 1


def test_refused_files_are_sent_again_on_request(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"wav")
    server.ingest = lambda _: ("failed", "unsupported_format")
    machine.run()
    server.ingest = lambda _: ("ready", None)
    machine.options = Options(retry_failed=True)

    assert machine.results() == [Result.IMPORTED]


def test_what_the_server_could_not_do_is_tried_anew(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"a")
    server.ingest = lambda track: (
        ("failed", "processing_error") if track.id == "t0" else ("ready", None)
    )

    assert machine.results() == [Result.IMPORTED]
    assert server.ready == [max(server.tracks)]


@pytest.mark.parametrize("fault", [BUSY, REFUSED, BROKEN, httpx.Response(500)], ids=repr)
@pytest.mark.parametrize("path", ["/auth/login", "/bulk-upload", "/media"])
def test_tries_again_where_that_helps(
    machine: Machine, server: FakeServer, fault: httpx.Response | Exception, path: str
) -> None:
    machine.add("a.mp3", b"a")
    server.faults.append(once(fault, path=path, times=3))

    assert machine.results() == [Result.IMPORTED]
    assert server.ready_bodies == [b"a"]


def test_does_what_retry_after_says(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"a")
    server.faults.append(once(BUSY, path="/media"))

    machine.run()

    assert machine.slept == [7]


def test_signs_in_again_in_mid_run(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"a")

    def expire(track: Track) -> tuple[str, None]:
        server.valid_token = "token-1"
        return "ready", None

    server.ingest = expire

    assert machine.results() == [Result.IMPORTED]
    assert server.calls["POST /api/auth/refresh"] == 1
    assert server.calls["POST /api/auth/login"] == 1


def test_uses_the_password_when_the_session_was_ended(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"a")

    def end_session(track: Track) -> tuple[str, None]:
        server.valid_token, server.valid_refresh = "token-1", "refresh-1"
        return "ready", None

    server.ingest = end_session

    assert machine.results() == [Result.IMPORTED]
    assert server.calls["POST /api/auth/login"] == 2


def test_a_token_alone_ends_with_its_life(machine: Machine) -> None:
    machine.add("a.mp3", b"a")
    machine.account = Account(token="stale")

    with pytest.raises(SignInFailed, match="token is not valid any more"):
        machine.run()


def test_a_wrong_password_is_told_at_once(machine: Machine) -> None:
    machine.add("a.mp3", b"a")
    machine.account = Account("dj@example.com", "wrong")

    with pytest.raises(SignInFailed, match=r"Signing in as dj@example.com failed: Wrong\."):
        machine.run()


def test_an_account_that_may_not_upload_ends_the_run(machine: Machine, server: FakeServer) -> None:
    for number in range(20):
        machine.add(f"{number}.mp3", str(number).encode())
    words = {"error": "forbidden", "message": "Your role does not have write:tracks."}
    server.faults.append(
        lambda request: (
            httpx.Response(403, json=words)
            if request.method == "POST" and request.url.path.endswith("/bulk-upload")
            else None
        )
    )

    with pytest.raises(BaseExceptionGroup) as error:
        machine.run()

    assert "This account cannot upload" in str(causes(error.value)[0])


def test_goes_on_after_the_server_stayed_away(machine: Machine, server: FakeServer) -> None:
    for number in range(20):
        machine.add(f"{number}.mp3", str(number).encode())
    sent: list[Track] = []

    def vanish_after_seven(track: Track) -> tuple[str, None]:
        sent.append(track)
        if len(sent) == 7:
            server.faults.append(once(REFUSED, path="", times=1000))
        return "ready", None

    server.ingest = vanish_after_seven
    with pytest.raises(BaseExceptionGroup) as error:
        machine.run()
    assert {type(cause) for cause in causes(error.value)} == {ServerAway}

    server.faults.clear()
    machine.run()

    assert server.ready_bodies == sorted(str(number).encode() for number in range(20))


class Killed(BaseException):
    """As SIGKILL: nothing of ours runs afterwards."""


@pytest.mark.parametrize("stage", ["before the request", "before the upload", "in the upload"])
def test_a_killed_run_is_continued(machine: Machine, server: FakeServer, stage: str) -> None:
    machine.add("a.mp3", b"a")
    where = "/media" if stage != "before the request" else "/bulk-upload"
    killing = [True]

    def kill(request: httpx.Request) -> None:
        if killing and str(request.url).endswith(where):
            killing.clear()
            raise Killed

    server.faults.append(kill)
    with pytest.raises((Killed, BaseExceptionGroup)):
        machine.run()

    assert machine.results() == [Result.IMPORTED]
    assert server.ready_bodies == [b"a"]
    assert len(server.tracks) == 1


def test_a_run_killed_after_the_upload_sends_nothing_again(
    machine: Machine, server: FakeServer
) -> None:
    path = machine.add("a.mp3", b"a")
    machine.run()
    digest = machine.with_journal(lambda journal: digest_known(journal, path))
    machine.with_journal(lambda journal: journal.advance(digest, Stage.REQUESTED))

    assert machine.results() == [Result.IMPORTED]
    assert server.calls["POST /media"] == 1


def digest_known(journal: object, path: object) -> str:
    import hashlib

    return hashlib.sha256(b"a").hexdigest()


def test_what_was_lost_behind_the_storage_is_sent_again_as_the_same_track(
    machine: Machine, server: FakeServer
) -> None:
    machine.add("a.mp3", b"a")
    lost = iter(("uploading", "ready"))
    server.ingest = lambda _: (next(lost), None)

    assert machine.results() == [Result.IMPORTED]
    assert server.ready == ["t0"]
    assert server.calls["POST /media"] == 2


def test_an_expired_form_is_not_used(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"a")
    server.form_lifetime = timedelta(seconds=-1)
    server.faults.append(once(BROKEN, path="/media", times=1000))
    with pytest.raises(BaseExceptionGroup):
        machine.run()
    server.faults.clear()
    server.form_lifetime = timedelta(hours=1)

    assert machine.results() == [Result.IMPORTED]
    assert server.ready == [max(server.tracks)]


def test_a_file_that_changes_under_way_is_not_stored(machine: Machine, server: FakeServer) -> None:
    path = machine.add("a.mp3", b"a" * 1000)

    def change(request: httpx.Request) -> None:
        if request.url.path == "/media":
            path.write_bytes(b"b" * 1000)

    server.faults.append(change)

    (outcome,) = machine.run()

    assert outcome.code == "file_changed"
    assert server.ready == []


def test_a_file_that_the_storage_refuses_fails_alone(machine: Machine, server: FakeServer) -> None:
    machine.add("a.mp3", b"a")
    machine.add("b.mp3", b"b")
    refusal = "<Error><Code>EntityTooLarge</Code><Message>Too large</Message></Error>"
    server.faults.append(once(httpx.Response(400, text=refusal), path="/media"))

    results = machine.run()

    assert sorted(outcome.result for outcome in results) == [Result.FAILED, Result.IMPORTED]
    assert [o.message for o in results if o.code] == [
        "The storage did not take the file: Too large"
    ]
