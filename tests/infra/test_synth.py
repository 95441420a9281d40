"""The assembly as a whole: it is the same every time, complete, and refused when it is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra import functions
from infra.config import DEV, ROOT
from infra.synth import STAMP, SynthError, refuse_lookups, run, synth
from layers.recipes import RECIPES
from tests.infra.assembly import Assembly


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made anew, over what an older version of the stacks left."""
    folder = tmp_path_factory.mktemp("fresh")
    (folder / "Removed.template.json").write_text("{}")
    return synth("dev", folder)


@pytest.fixture(scope="module")
def deployable(tmp_path_factory: pytest.TempPathFactory, fresh: Path) -> Path:
    """What `cdk deploy` gets, whose layers and functions are really built."""
    folder = tmp_path_factory.mktemp("deployable")
    run(folder, "dev", built=True, checked=False)
    return folder


def assets(folder: Path) -> list[Path]:
    """The folders that would be uploaded; the templates themselves are assets too."""
    manifests = [json.loads(file.read_text()) for file in folder.glob("*.assets.json")]
    sources: list[dict[str, Any]] = [
        file["source"] for manifest in manifests for file in manifest["files"].values()
    ]
    return [folder / s["path"] for s in sources if s["packaging"] == "zip"]


def test_two_syntheses_give_the_same_and_what_runs_here_is_what_is_deployed(
    fresh: Path, deployable: Path
) -> None:
    assert Assembly(fresh, "dev").templates == Assembly(deployable, "dev").templates


def test_a_deployment_has_all_its_assets(deployable: Path) -> None:
    found = assets(deployable)

    assert len(found) == len(functions.deployed(DEV)) + len(RECIPES)
    assert all(path.is_dir() for path in found)


def test_an_assembly_for_this_machine_cannot_be_deployed_by_mistake(fresh: Path) -> None:
    found = assets(fresh)

    assert found
    assert not [path for path in found if path.exists()]


def test_a_functions_archive_holds_its_own_folder_and_no_other(deployable: Path) -> None:
    roots = [path for path in assets(deployable) if path.parent.name == "functions"]

    assert roots
    for root in roots:
        sources = {path.relative_to(root).parts[:2] for path in root.rglob("*.py")}
        assert sources == {("functions", root.name)}


def test_unchanged_sources_are_not_synthesized_again(fresh: Path) -> None:
    before = (fresh / STAMP).stat().st_mtime_ns
    synth("dev", fresh)

    assert (fresh / STAMP).stat().st_mtime_ns == before


def test_a_stale_file_does_not_outlive_a_synthesis(fresh: Path) -> None:
    assert not (fresh / "Removed.template.json").exists()


def test_an_environment_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="staging"):
        run(tmp_path, "staging", built=False, checked=False)  # type: ignore[arg-type]


def test_an_assembly_that_would_ask_an_account_is_refused(tmp_path: Path) -> None:
    missing = {"missing": [{"key": "availability-zones:account=1", "provider": "azs"}]}
    (tmp_path / "manifest.json").write_text(json.dumps(missing))

    with pytest.raises(SynthError, match="availability-zones"):
        refuse_lookups(tmp_path)


def test_no_path_of_this_machine_is_in_a_template(assembly: Assembly) -> None:
    for name, template in assembly.templates.items():
        assert str(ROOT) not in json.dumps(template), name


def test_every_stack_fits_into_cloudformation(assembly: Assembly) -> None:
    for name, template in assembly.templates.items():
        assert len(template["Resources"]) <= 500, name
        assert len(json.dumps(template)) < 1_000_000, name
