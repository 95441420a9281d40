"""The layers as Lambda gets them: built here for arm64 from the lock file's wheels."""

import importlib.util
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from infra import functions
from layers.build import MOUNT, LayerError, build, size_bytes
from layers.recipes import OWN, RECIPES, Target, digest, requirements

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, unpacked, layers included
MAX_FUNCTION_BYTES = 250 * 1024 * 1024
# The secrets extension of AWS is a layer too; its unpacked size is not published.
EXTENSION_BYTES = 20 * 1024 * 1024
UNCHECKED_HASH = 0b01


@pytest.fixture(scope="module")
def arm64() -> dict[str, Path]:
    return {recipe: build(recipe, "arm64") / "python" for recipe in RECIPES}


def packages(folder: Path) -> set[str]:
    found = (Distribution.at(path) for path in folder.glob("*.dist-info"))
    return {distribution.name.lower().replace("_", "-") for distribution in found}


def test_every_function_fits_into_lambda(arm64: dict[str, Path]) -> None:
    sizes = {recipe: size_bytes(folder) for recipe, folder in arm64.items()}
    for spec in functions.ALL:
        total = sum(sizes[recipe] for recipe in spec.layers) + EXTENSION_BYTES
        assert total < MAX_FUNCTION_BYTES, f"{spec.name}: {total / 2**20:.0f} MB"


def test_every_recipe_is_carried_by_a_function() -> None:
    assert {recipe for spec in functions.ALL for recipe in spec.layers} == set(RECIPES)


def test_no_function_carries_a_package_twice(arm64: dict[str, Path]) -> None:
    for spec in functions.ALL:
        carried = [name for recipe in spec.layers for name in packages(arm64[recipe])]
        assert len(carried) == len(set(carried)), spec.name


def test_a_recipe_holds_what_it_lists(arm64: dict[str, Path]) -> None:
    for recipe, folder in arm64.items():
        listed = [line for line in requirements(recipe).read_text().split("\n") if line]
        assert {line for line in listed if not line.startswith("#")} <= packages(folder), recipe


def test_compiled_parts_are_for_arm64(arm64: dict[str, Path]) -> None:
    compiled = [path for folder in arm64.values() for path in folder.rglob("*.cpython-*.so")]

    assert compiled
    assert not [path for path in compiled if "aarch64" not in path.name]


def test_our_own_layer_is_the_source(arm64: dict[str, Path]) -> None:
    assert (arm64[OWN] / "djamms" / "config.py").is_file()
    assert not packages(arm64[OWN])


def test_bytecode_is_shipped_and_does_not_depend_on_dates(arm64: dict[str, Path]) -> None:
    for folder in arm64.values():
        for source in folder.rglob("*.py"):
            bytecode = Path(importlib.util.cache_from_source(str(source)))
            head = bytecode.read_bytes()[:8]
            assert head[:4] == importlib.util.MAGIC_NUMBER, source
            assert int.from_bytes(head[4:], "little") == UNCHECKED_HASH, source


def test_no_path_of_this_machine_is_shipped(arm64: dict[str, Path]) -> None:
    bytecode = next((arm64[OWN] / "djamms" / "__pycache__").glob("config.*.pyc")).read_bytes()

    assert str(arm64[OWN]).encode() not in bytecode
    assert f"{MOUNT}/python/djamms/config.py".encode() in bytecode


@pytest.mark.parametrize("target", ["arm64", "host"])
def test_an_unchanged_layer_is_left_alone(target: Target) -> None:
    before = build("system", target).stat().st_ctime_ns

    assert build("system", target).stat().st_ctime_ns == before


def test_our_own_layer_on_this_machine_follows_the_source() -> None:
    package = build(OWN, "host") / "python" / "djamms"

    assert package.resolve() == Path(__file__).parents[2] / "shared" / "djamms"


def test_a_digest_depends_on_the_recipe() -> None:
    assert len({digest(recipe) for recipe in RECIPES}) == len(RECIPES)


def test_what_cannot_be_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.build.BUILD", tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty"))

    with pytest.raises(LayerError, match="layer base could not be built"):
        build("base", "host")
