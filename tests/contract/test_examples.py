"""Each body and each response of the API's description has an example, and it is a true one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from djamms.errors import DomainError
from local import api_examples, openapi
from tests.support.description import (
    JSON,
    Operation,
    examples_of,
    media_of,
    operations,
    problems,
)

DOCUMENT = openapi.build()
OPERATIONS = list(operations(DOCUMENT))
by_name = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)


def without_example(document: dict[str, Any], operation: Operation) -> list[str]:
    return [where for where, media in media_of(document, operation) if not examples_of(media)]


def wrong_examples(document: dict[str, Any], media: dict[str, Any]) -> list[str]:
    return [
        problem
        for example in examples_of(media)
        for problem in problems(document, media["schema"], example)
    ]


@by_name
def test_has_examples_of_what_is_sent_and_answered(operation: Operation) -> None:
    assert without_example(DOCUMENT, operation) == []


@by_name
def test_examples_keep_to_their_schema(operation: Operation) -> None:
    wrong = {
        where: found
        for where, media in media_of(DOCUMENT, operation)
        if (found := wrong_examples(DOCUMENT, media))
    }

    assert wrong == {}


@by_name
def test_error_examples_have_the_status_of_their_response(operation: Operation) -> None:
    told = [
        (int(status), example["error"])
        for status, media in media_of(DOCUMENT, operation)
        if status in operation.errors
        for example in examples_of(media)
    ]

    assert len(told) == len(operation.errors) > 0
    assert set(told) <= {(kind.status, kind.code) for kind in error_kinds(DomainError)}


def error_kinds(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from error_kinds(one)


@by_name
def test_parameters_say_what_they_are(operation: Operation) -> None:
    for parameter in operation.parameters:
        assert len(parameter.get("description", "")) > 10, parameter["name"]
        if parameter["in"] == "path":
            schema = {**parameter["schema"], "components": DOCUMENT["components"]}
            Draft202012Validator(schema, validate_formats=True).validate(parameter["example"])


def test_the_checks_see_what_is_missing_or_wrong() -> None:
    document = json.loads(json.dumps(DOCUMENT))
    media = document["paths"]["/api/playlists/{playlist_id}"]["put"]["requestBody"]["content"][JSON]
    [operation] = [
        one for one in operations(document) if one.name == "PUT /api/playlists/{playlist_id}"
    ]
    assert without_example(document, operation) == wrong_examples(document, media) == []

    example = media.pop("example")
    missing = without_example(document, operation)
    media["example"] = example | {"isPublic": "perhaps", "color": "red"}

    assert missing == ["request body"]
    assert len(wrong_examples(document, media)) == 2


def test_a_name_has_one_meaning() -> None:
    summaries = [summary for module in api_examples.modules() for summary in module.EXAMPLES]
    names = [
        name for module in api_examples.modules() for name in getattr(module, "PARAMETERS", {})
    ]

    assert len(summaries) == len(set(summaries))
    assert len(names) == len(set(names))


def test_functions_do_not_load_the_examples() -> None:
    code = (
        "import importlib, sys; from pathlib import Path\n"
        "for path in Path('functions').glob('*/handler.py'):\n"
        "    importlib.import_module(f'functions.{path.parent.name}.handler')\n"
        "sys.exit(' '.join(name for name in sys.modules if name.endswith('.examples')) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
