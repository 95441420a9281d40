"""Bring what is made from the sources up to date: the assembly, and the layers for this machine."""

import os
from collections.abc import Callable, Mapping

from djamms.config import settings
from local.assembly import Assembly, AssemblyError, Local, load_assembly
from local.errors import LocalError
from local.paths import ROOT

# What these name is made from the assembly, under the names that it gives.
MADE_HERE = frozenset({"AWS_S3_BUCKET", "CDN_KEY_ID", "DJAMMS_ENV", "INGEST_QUEUE_URL"})

type Say = Callable[[str], None]


def build(say: Say) -> None:
    """Both only do what has changed."""
    # Imported here: `djamms --help` needs neither.
    from infra.synth import SynthError, synth
    from layers.build import build as build_layer
    from layers.recipes import RECIPES

    try:
        synth("dev")
    except SynthError as error:
        raise LocalError(str(error)) from error
    say("assembly")
    for recipe in RECIPES:
        build_layer(recipe, "host")
    say("layers")


def load(*, emulator_url: str, base_url: str, origins: tuple[str, ...]) -> Assembly:
    overrides = stated(os.environ) | {
        "API_BASE_URL": f"{base_url}/api",
        "CDN_BASE_URL": f"{base_url}/media",
        "CORS_ALLOWED_ORIGINS": ",".join(origins),
    }
    local = Local(emulator_url=emulator_url, overrides=overrides, root=ROOT)
    try:
        return load_assembly(ROOT / "cdk.out", local)
    except AssemblyError as error:
        raise LocalError(str(error)) from error


def stated(environment: Mapping[str, str]) -> dict[str, str]:
    """What a person set for the functions, such as JWT_EXPIRES_IN; a secret goes another way."""
    names = [s.name for s in settings() if not s.refused and s.name not in MADE_HERE]
    return {name: environment[name] for name in names if environment.get(name)}
