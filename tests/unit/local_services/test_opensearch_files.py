"""What is fetched is what was asked for, and whatever Java is found says what it is."""

import os
import zipfile
from pathlib import Path

import pytest

from local.errors import LocalError
from local.services import opensearch_files
from local.services.account import Account, service_account
from local.services.java import NEEDED, candidates, examine, find_java
from local.services.opensearch_files import NAME, cache_for, check, programs, unpack
from local.services.opensearch_options import java_options, last_problem

ME = Account("me", os.geteuid(), os.getegid())
STRANGER = Account("stranger", 12_345, 12_345)


def archive(folder: Path) -> Path:
    path = folder / "made.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        for name in ("lib/server.jar", "modules/ingest-geoip/cities.mmdb", "lib/tools/x.jar"):
            zipped.writestr(f"{NAME}/{name}", name)
    return path


def java(folder: Path, major: int, modules: frozenset[str] = NEEDED) -> Path:
    """A home whose program lists modules as a Java of that version does."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    lines = "\n".join(f"{name}@{major}.0.1" for name in ("java.base", *sorted(modules)))
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{lines}\nEND\n")
    program.chmod(0o755)
    return folder


def test_only_what_is_used_is_unpacked_and_everybody_can_read_it(tmp_path: Path) -> None:
    unpack(archive(tmp_path), tmp_path / "new")

    files = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
    assert [file.name for file in files] == ["server.jar"]
    assert files[0].stat().st_mode & 0o777 == 0o644
    assert files[0].parent.stat().st_mode & 0o777 == 0o755


def test_something_else_than_what_was_asked_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="something else"):
        check(archive(tmp_path))


def test_a_failed_fetch_leaves_nothing_that_looks_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opensearch_files, "fetch", archive)

    with pytest.raises(LocalError, match="something else"):
        programs(ME, cache=tmp_path / "cache")

    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["opensearch.lock"]


def test_what_is_there_is_not_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / NAME / "lib").mkdir(parents=True)
    monkeypatch.delattr(opensearch_files, "fetch")

    assert programs(ME, cache=tmp_path) == tmp_path / NAME


def test_a_cache_that_the_account_cannot_read_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME / "lib").mkdir(parents=True)
    tmp_path.chmod(0o700)

    with pytest.raises(LocalError, match="stranger, who cannot read"):
        programs(STRANGER, cache=tmp_path)


def test_the_cache_of_another_account_is_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")

    assert cache_for(ME) == Path("/somewhere/djamms")
    assert cache_for(STRANGER) == Path("/var/cache/djamms")


def test_without_maven_it_is_downloaded_and_a_missing_network_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opensearch_files, "CENTRAL", "http://127.0.0.1:9")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(LocalError, match="is there a network"):
        opensearch_files.fetch(tmp_path)


def test_java_says_its_version_and_modules(tmp_path: Path) -> None:
    found = examine(java(tmp_path / "jdk", 21))

    assert found is not None
    assert found.major == 21
    assert found.modules >= NEEDED
    assert examine(tmp_path / "none") is None


def test_java_home_is_taken_first_if_it_will_do(tmp_path: Path) -> None:
    fitting, old = java(tmp_path / "21", 21), java(tmp_path / "17", 17)

    assert find_java(ME, {"JAVA_HOME": str(fitting), "PATH": ""}).home == fitting
    assert find_java(ME, {"JAVA_HOME": str(old)}).major > 17


@pytest.mark.parametrize(
    ("major", "modules", "said"),
    [
        (17, NEEDED, "the newest found is 17"),
        (25, frozenset({"java.logging"}), "needs Java 21 or newer, complete"),
    ],
)
def test_a_java_that_will_not_do_is_said_with_what_would(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    major: int,
    modules: frozenset[str],
    said: str,
) -> None:
    home = java(tmp_path / "jdk", major, modules)
    monkeypatch.setattr("local.services.java.candidates", lambda environment: [home])

    with pytest.raises(LocalError, match=said):
        find_java(ME)


def test_the_java_on_the_path_is_a_candidate(tmp_path: Path) -> None:
    home = java(tmp_path / "jdk", 21)

    found = list(candidates({"PATH": str(home / "bin")}, places=()))

    assert found == [home.resolve()]


def test_the_profile_of_tests_trades_throughput_for_an_earlier_start(tmp_path: Path) -> None:
    found = find_java(service_account())

    fast = java_options(found, tmp_path, tmp_path, heap_mb=512, test=True)
    full = java_options(found, tmp_path, tmp_path, heap_mb=512, test=False)

    assert set(fast) - set(full) == {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"}
    assert "-Xmx512m" in full


@pytest.mark.parametrize(
    ("output", "problem"),
    [
        ("x\nLikely root cause: java.io.IOException: full\n", "java.io.IOException: full"),
        ("Caused by: a\nCaused by: b\n", "a"),
        ("Error: Could not create the Java Virtual Machine.", "Could not create"),
        ("", "it gave no reason"),
    ],
)
def test_the_reason_of_an_end_is_found_in_its_output(output: str, problem: str) -> None:
    assert last_problem(output).startswith(problem)
