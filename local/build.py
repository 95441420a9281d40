"""Bring what is made from the sources up to date: the assembly, and the layers for this machine."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace

from djamms.config import settings
from local.assembly import Assembly, AssemblyError, Local, load_assembly
from local.errors import LocalError
from local.paths import ROOT

type Say = Callable[[str], None]


def build(say: Say, *, search: bool = False) -> None:
    """Both only do what has changed. `search`: the assembly with OpenSearch."""
    # Imported here: `djamms --help` needs neither.
    from infra.synth import SynthError, synth
    from layers.build import build as build_layer
    from layers.recipes import RECIPES

    try:
        synth("dev", search=search)
    except SynthError as error:
        raise LocalError(str(error)) from error
    say("assembly")
    for recipe in RECIPES:
        build_layer(recipe, "host")
    say("layers")


def load(
    *, emulator_url: str, base_url: str, origins: tuple[str, ...], search_url: str = ""
) -> Assembly:
    """`search_url`: where OpenSearch listens; without it the assembly that has none."""
    from infra.synth import folder_of  # see above

    overrides = {
        "API_BASE_URL": f"{base_url}/api",
        "CDN_BASE_URL": f"{base_url}/media",
        "CORS_ALLOWED_ORIGINS": ",".join(origins),
        "ELASTICSEARCH_URL": search_url,
    }
    local = Local(emulator_url=emulator_url, overrides=overrides, root=ROOT)
    try:
        assembly = load_assembly(folder_of("dev", search=bool(search_url)), local)
    except AssemblyError as error:
        raise LocalError(str(error)) from error
    return with_settings(assembly, os.environ)


def with_settings(assembly: Assembly, environment: Mapping[str, str]) -> Assembly:
    """What a person set, such as JWT_EXPIRES_IN, for the functions that read it, whether or not the
    template states it too. A secret goes another way."""
    functions = {
        name: replace(function, environment={**function.environment, **stated(name, environment)})
        for name, function in assembly.functions.items()
    }
    return replace(assembly, functions=functions)


def stated(function: str, environment: Mapping[str, str]) -> dict[str, str]:
    found = {
        setting.name: setting.stated(environment)
        for setting in settings()
        if function in setting.readers and not setting.made and not setting.secret
    }
    return {name: value for name, value in found.items() if value}
