"""Wiring that is broken on purpose: `djamms up` says what is wrong in one sentence.

In a copy of the checkout, the assembly is changed in a way that its sources would not explain.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.paths import ROOT
from tests.e2e.conftest import eventually
from tests.support.stack import LocalStack, StackFailed

SOURCES = ("shared", "functions", "infra", "local", "layers")
FILES = ("cdk.json", "requirements.lock", "pyproject.toml")
FUNCTION, ROLE = "AWS::Lambda::Function", "AWS::IAM::Role"

type Resource = dict[str, Any]
type Change = Callable[[dict[str, Resource]], None]


@dataclass
class Checkout:
    root: Path
    stack: LocalStack

    def change(self, change: Change) -> None:
        file = self.root / "cdk.out" / "Service.template.json"
        template = json.loads(file.read_text())
        change(template["Resources"])
        file.write_text(json.dumps(template))

    def refusal(self) -> str:
        """What `djamms up` says when it ends by itself, without the steps before."""
        with pytest.raises(StackFailed) as error:
            self.stack.start()
        return str(error.value).strip().splitlines()[-1]

    def says(self, words: str) -> str:
        """The line with these words that a stack prints while it runs."""

        def look() -> str | None:
            lines = self.stack.log.read_text().splitlines()
            return next((line for line in lines if words in line), None)

        with self.stack:
            return eventually(look)


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    root = tmp_path / "checkout"
    for name in SOURCES:
        shutil.copytree(
            ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", ".build")
        )
    for name in FILES:
        shutil.copy(ROOT / name, root / name)
    (root / "layers" / ".build").symlink_to(ROOT / "layers" / ".build")
    assembly = root / "cdk.out"
    assembly.mkdir()
    for path in (ROOT / "cdk.out").glob("*.*"):
        shutil.copy(path, assembly / path.name)
    shutil.copy(ROOT / "cdk.out" / "synthesized-from", assembly)
    stack = LocalStack(tmp_path / "stack", root=root)
    yield Checkout(root, stack)
    stack.discard()


def one(resources: dict[str, Resource], kind: str, name: str) -> Resource:
    """The resource of this type whose logical id begins with the name."""
    return next(
        resource
        for key, resource in resources.items()
        if resource["Type"] == kind and key.lower().startswith(name)
    )


def test_a_wrong_environment_name(checkout: Checkout) -> None:
    def rename(resources: dict[str, Resource]) -> None:
        variables = one(resources, FUNCTION, "music")["Properties"]["Environment"]["Variables"]
        variables["DATABASE_SECRET"] = variables.pop("DATABASE_SECRET_ARN")

    checkout.change(rename)

    assert checkout.says("The function music").endswith(
        "DATABASE_URL (or DATABASE_SECRET_ARN) is not set"
    )


def test_a_missing_layer(checkout: Checkout) -> None:
    def remove(resources: dict[str, Resource]) -> None:
        properties = one(resources, FUNCTION, "music")["Properties"]
        properties["Layers"] = [
            layer for layer in properties["Layers"] if "web" not in json.dumps(layer).lower()
        ]

    checkout.change(remove)

    assert "No module named" in checkout.says("The function music does not load")


def test_a_missing_iam_statement(checkout: Checkout) -> None:
    def remove(resources: dict[str, Resource]) -> None:
        role = one(resources, ROLE, "ingest")
        document = role["Properties"]["Policies"][0]["PolicyDocument"]
        document["Statement"] = [
            statement
            for statement in document["Statement"]
            if "sqs:ReceiveMessage" not in statement["Action"]
        ]

    checkout.change(remove)

    refusal = checkout.refusal()
    assert "sqs:ReceiveMessage" in refusal
    assert "ingest" in refusal


def test_an_unknown_resource_type(checkout: Checkout) -> None:
    def add(resources: dict[str, Resource]) -> None:
        resources["Stream"] = {"Type": "AWS::Kinesis::Stream", "Properties": {}}

    checkout.change(add)

    assert checkout.refusal() == (
        "Error: Stream in stack djamms-dev-service is a AWS::Kinesis::Stream,"
        " which the local stack neither runs nor has on its ignore list."
    )
