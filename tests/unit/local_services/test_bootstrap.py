"""The set-up script finds an interpreter by itself, and believes only what it has tried."""

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from local.paths import ROOT

REAL = sys.executable


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "scripts" / "bootstrap.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PLACES", (f"{tmp_path}/known/*/python3.13",))
    monkeypatch.setattr(module.sys, "executable", "/nonexistent/python3")
    monkeypatch.setenv("PATH", str(tmp_path / "shims"))
    return module


def interpreter(path: Path, script: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_broken_shim_is_passed_over(bootstrap: ModuleType, tmp_path: Path) -> None:
    interpreter(tmp_path / "shims" / "python3.13", "exit 127")
    good = interpreter(tmp_path / "known" / "3.13.0" / "python3.13", f'exec "{REAL}" "$@"')

    assert bootstrap.find_python() == good


def test_another_version_is_not_taken(bootstrap: ModuleType, tmp_path: Path) -> None:
    assert not bootstrap.works(interpreter(tmp_path / "python3.13", "echo 3.12"))


def test_nothing_found_says_how_to_get_it(bootstrap: ModuleType) -> None:
    with pytest.raises(bootstrap.Problem, match=r"apt install python3\.13"):
        bootstrap.find_python()


def test_folder_of_something_else_is_not_deleted(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv = tmp_path / "venv"
    venv.mkdir()
    (venv / "precious").touch()
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "find_python", lambda: sys.executable)

    with pytest.raises(bootstrap.Problem, match="is no Python environment"):
        bootstrap.make_venv()

    assert (venv / "precious").exists()


def test_uv_is_installed_by_its_hashes(bootstrap: ModuleType, tmp_path: Path) -> None:
    bootstrap.uv_requirement(str(tmp_path))

    text = (tmp_path / "uv.txt").read_text()
    assert text.startswith("uv==")
    assert text.count("--hash=sha256:") > 3
    assert text.count("==") == 1


def test_output_of_a_failed_step_is_shown(bootstrap: ModuleType) -> None:
    with pytest.raises(bootstrap.Problem, match="No network\n    it said so"):
        bootstrap.run(["/bin/sh", "-c", "echo it said so; exit 1"], "No network")


def test_syntax_is_that_of_an_old_python() -> None:
    source = (ROOT / "scripts" / "bootstrap.py").read_text()

    ast.parse(source, feature_version=(3, 8))
    assert "from __future__ import annotations" in source
