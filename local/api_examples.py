"""Examples and descriptions for docs/openapi.json, from the `examples` module of each domain.

A model brings its examples along wherever it is sent or answered; a route names none.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from djamms.api.schema import RequestModel
from local.paths import ROOT

JSON = "application/json"
REFERENCE = "#/components/schemas/"
type Json = dict[str, Any]


@cache
def modules() -> list[ModuleType]:
    folders = (path.parent.name for path in (ROOT / "shared" / "djamms").glob("*/examples.py"))
    return [import_module(f"djamms.{name}.examples") for name in sorted(folders)]


@cache
def models() -> dict[str, dict[str, BaseModel]]:
    """Schema name → summary → model."""
    found: dict[str, dict[str, BaseModel]] = {}
    for module in modules():
        for summary, model in module.EXAMPLES.items():
            found.setdefault(type(model).__name__, {})[summary] = model
    return found


@cache
def parameters() -> dict[str, tuple[str, str | int | None]]:
    return {name: said for module in modules() for name, said in module_parameters(module).items()}


def module_parameters(module: ModuleType) -> dict[str, tuple[str, str | int | None]]:
    found: dict[str, tuple[str, str | int | None]] = getattr(module, "PARAMETERS", {})
    return found


def add_to_content(content: Json) -> None:
    """To the JSON of a request body or of a response."""
    for kind, media in content.items():
        if kind == JSON and not {"example", "examples"} & media.keys():
            media.update(example_of(media["schema"]))


def example_of(schema: Json) -> Json:
    """`{"example": …}` or, where a model has several, `{"examples": …}`; {} where it has none."""
    if schema.get("type") == "array":
        items = schema.get("items", {}).get("$ref")
        return {"example": [values_of(items)[0][1]] if items else []}
    options = [schema, *schema.get("anyOf", ())]
    found = [pair for one in options if "$ref" in one for pair in values_of(one["$ref"])]
    if not found:
        return {}
    if len(found) == 1:
        return {"example": found[0][1]}
    return {"examples": {slug(name): {"summary": name, "value": value} for name, value in found}}


def values_of(reference: str) -> list[tuple[str, Any]]:
    said = models().get(reference.removeprefix(REFERENCE), {})
    return [(summary, plain(model)) for summary, model in said.items()]


def plain(model: BaseModel) -> Any:
    return model.model_dump(
        mode="json", by_alias=True, exclude_unset=isinstance(model, RequestModel)
    )


def slug(summary: str) -> str:
    return summary.lower().replace(" ", "-")


def add_to_parameter(parameter: Json) -> None:
    description, example = parameters().get(parameter["name"], (None, None))
    if description:
        parameter.setdefault("description", description)
    if example:
        parameter.setdefault("example", example)


def missing_schemas(document: Json) -> Iterator[tuple[str, Json]]:
    """Of models that only `openapi_extra` names: FastAPI does not know them."""
    known = document["components"]["schemas"]
    for name, said in models().items():
        model = type(next(iter(said.values())))
        if name not in known and REFERENCE + name in str(document["paths"]):
            yield name, model.model_json_schema(by_alias=True, ref_template=REFERENCE + "{model}")
