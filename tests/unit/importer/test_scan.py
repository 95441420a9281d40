import os
from pathlib import Path

import pytest

from local.importer.names import content_type, text_of, upload_name
from local.importer.scan import scan


def write(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_finds_audio_to_any_depth_in_order(tmp_path: Path) -> None:
    for name in ("b/2.FLAC", "b/c/3.mp3", "a/1.mp3"):
        write(tmp_path / name)

    found = [file.path.relative_to(tmp_path).as_posix() for file in scan([tmp_path]).files]

    assert found == ["a/1.mp3", "b/2.FLAC", "b/c/3.mp3"]


def test_counts_what_it_skips(tmp_path: Path) -> None:
    for name in ("cover.jpg", "list.m3u", ".hidden.mp3", ".git/a.mp3"):
        write(tmp_path / name)
    os.mkfifo(tmp_path / "pipe.mp3")
    (tmp_path / "gone.jpg").symlink_to("nowhere")

    found = scan([tmp_path])

    assert not found.files
    assert not found.problems
    assert found.skipped == {
        "not audio by its name": 2,
        "hidden": 2,
        "not a regular file": 1,
        "broken link": 1,
    }


def test_a_file_that_is_named_is_taken_whatever_its_name(tmp_path: Path) -> None:
    path = write(tmp_path / ".song")

    assert [file.path for file in scan([path]).files] == [path]


def test_links_are_followed_but_never_in_circles(tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.mp3")
    (tmp_path / "real" / "again").symlink_to(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert len(scan([tmp_path, tmp_path]).files) == 1


@pytest.mark.parametrize(("size", "code"), [(0, "empty_file"), (50 * 1024 * 1024 + 1, "too_large")])
def test_sizes_that_the_server_never_takes(tmp_path: Path, size: int, code: str) -> None:
    with (tmp_path / "a.mp3").open("wb") as file:
        file.truncate(size)

    found = scan([tmp_path])

    assert [problem.code for problem in found.problems] == [code]
    assert not found.files


def test_a_broken_link_to_a_song_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").symlink_to("nowhere")

    assert [problem.message for problem in scan([tmp_path]).problems] == [
        "It cannot be opened on this machine: No such file or directory."
    ]


def test_names_that_are_no_text(tmp_path: Path) -> None:
    path = write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n\x1b[31m.mp3")))

    (file,) = scan([tmp_path]).files

    assert file.path == path
    assert upload_name(file.path) == "café [31m.mp3"
    text_of(file.path).encode()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x" * 300 + ".flac", "x" * 250 + ".flac"),
        (" ", "untitled"),
        ("\u202egnp.mp3", "gnp.mp3"),
        ("日本語 🎵.mp3", "日本語 🎵.mp3"),
    ],
)
def test_upload_names(name: str, expected: str) -> None:
    assert upload_name(Path(name)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("A.MP3", "audio/mpeg"), ("a.flac", "audio/flac"), ("a", "application/octet-stream")],
)
def test_content_types(name: str, expected: str) -> None:
    assert content_type(Path(name)) == expected
