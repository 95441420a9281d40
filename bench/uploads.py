"""From a file to a track that can be found: one at a time, and a whole folder."""

import json
import subprocess
import sys
import time
from dataclasses import asdict
from typing import Any

import httpx
from rich.console import Console

from bench.figures import percentiles, show, verdict
from bench.machine import CpuMeter
from bench.setting import Setting
from tests.support.audio import fill, make_flac, mp3

SEARCHABLE_TARGET_SECONDS, IMPORT_TARGET = 2.0, 40.0
NOT_OURS = "other programs"
UPLOADS = 10
PATIENCE_SECONDS = 30
FLAC_SHARE = 0.2
FILE_SECONDS = 9


def measure(setting: Setting, console: Console, *, files: int) -> dict[str, Any]:
    single = searchable(setting)
    folder = imported(setting, files)
    p50, worst = single["p50"], single["highest"]
    show(
        console,
        "Uploads",
        ("", "measured", "target"),
        [
            (
                f"end of an upload to found by search, s (p50 / worst of {UPLOADS})",
                f"{p50:.2f} / {worst:.2f}",
                verdict(worst, SEARCHABLE_TARGET_SECONDS),
            ),
            (
                f"import of {folder['files']} files of {folder['mean_kilobytes']} kB, tracks/s",
                folder["tracks_per_second"],
                verdict(folder["tracks_per_second"], IMPORT_TARGET, at_least=True),
            ),
            ("  CPU s of the import", cpu_words(folder["cpu_seconds"]), ""),
            ("  CPU of the whole system, ms per track", folder["cpu_milliseconds_per_track"], ""),
        ],
    )
    return {"searchable_seconds": single, "import": folder}


def cpu_words(spent: dict[str, float]) -> str:
    ordered = sorted(spent.items(), key=lambda item: -item[1])
    return "\n".join(f"{kind} {seconds:.1f}" for kind, seconds in ordered if seconds >= 0.1)


def searchable(setting: Setting) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {setting.token}"}
    with httpx.Client(headers=headers, timeout=30, trust_env=False) as client:
        samples = [one_upload(setting, client, number) for number in range(UPLOADS)]
    return asdict(percentiles(samples))


def one_upload(setting: Setting, client: httpx.Client, number: int) -> float:
    """Seconds between the storage's answer and the first search that shows the track."""
    word = f"zyx{number}quvo"
    is_flac = number % 2 == 1
    content = (
        make_flac({"title": word, "artist": "Bench"})
        if is_flac
        else mp3({"TIT2": word, "TPE1": "Bench"})
    )
    announced = {
        "filename": f"{word}.{'flac' if is_flac else 'mp3'}",
        "contentType": "audio/flac" if is_flac else "audio/mpeg",
        "size": len(content),
    }
    reply = client.post(f"{setting.stack.api}/music/tracks", json=announced).raise_for_status()
    form = reply.json()["upload"]
    with httpx.Client(timeout=30, trust_env=False) as storage:
        storage.post(form["url"], data=form["fields"], files={"file": content}).raise_for_status()
    began = time.perf_counter()
    url = f"{setting.stack.api}/music/search?q={word}"
    while not client.get(url).raise_for_status().json()["total"]:
        if time.perf_counter() - began > PATIENCE_SECONDS:
            raise TimeoutError(f"{word} was not found within {PATIENCE_SECONDS} s")
        time.sleep(0.02)
    return time.perf_counter() - began


def imported(setting: Setting, files: int) -> dict[str, Any]:
    music, report = setting.folder / "music", setting.folder / "import.json"
    fill(music, files, seconds=FILE_SECONDS, artwork=True, flac_share=FLAC_SHARE)
    sizes = [path.stat().st_size for path in music.rglob("*.*")]
    meter = CpuMeter(setting.stack.family())
    data = str(setting.stack.data.root)
    words = ["import", str(music), "--data-dir", data, "--report", str(report)]
    subprocess.run([sys.executable, "-m", "local", *words], check=True, stderr=subprocess.DEVNULL)
    found = json.loads(report.read_text())
    spent = meter.read(setting.stack.family())
    ours = sum(seconds for kind, seconds in spent.items() if kind != NOT_OURS)
    return {
        "files": files,
        "mean_kilobytes": round(sum(sizes) / len(sizes) / 1000),
        "imported": found["counts"]["imported"],
        "seconds": found["seconds"],
        "tracks_per_second": round(found["counts"]["imported"] / found["seconds"], 1),
        "cpu_seconds": spent,
        "cpu_milliseconds_per_track": round(1000 * ours / found["counts"]["imported"], 1),
    }
