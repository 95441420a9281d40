"""Each mistake in the wiring is one clear sentence."""

from pathlib import Path
from typing import Any

import pytest

from local.assembly import AssemblyError, Local, load_assembly
from tests.unit.local.assemblies import (
    Template,
    function,
    having,
    load,
    path_part,
    policy,
    sample,
    without,
)

VARIABLES = ("Probe", "Properties", "Environment", "Variables")
ELSEWHERE = "arn:aws:lambda:eu-central-1:000000000000:layer:elsewhere:1"


def refusal(folder: Path, template: Template, **local: Any) -> str:
    with pytest.raises(AssemblyError) as error:
        load(folder, template, **local)
    return str(error.value)


def test_names_a_resource_of_an_unknown_type(tmp_path: Path) -> None:
    unknown = {"Type": "AWS::Kinesis::Stream", "Properties": {}}

    assert refusal(tmp_path, having(sample(), unknown, "Stream")) == (
        "Stream in stack app is a AWS::Kinesis::Stream, "
        "which the local stack neither runs nor has on its ignore list."
    )


def test_names_a_reference_to_nothing(tmp_path: Path) -> None:
    template = having(sample(), {"Ref": "Nowhere"}, *VARIABLES, "X")

    assert refusal(tmp_path, template) == (
        "Probe (AWS::Lambda::Function) in stack app refers to Nowhere, "
        "which the stack does not define."
    )


def test_names_an_import_that_nobody_exports(tmp_path: Path) -> None:
    template = having(sample(), {"Fn::ImportValue": "other:x"}, *VARIABLES, "X")

    assert refusal(tmp_path, template) == (
        "Function probe: environment variable X: Stack app imports other:x, which no stack exports."
    )


def test_names_a_variable_without_a_value(tmp_path: Path) -> None:
    template = having(sample(), "", *VARIABLES, "AWS_S3_BUCKET")

    assert refusal(tmp_path, template) == (
        "Function probe: environment variable AWS_S3_BUCKET has no value."
    )


def test_names_a_value_that_exists_only_on_aws(tmp_path: Path) -> None:
    value = {"Fn::GetAtt": ["Cdn", "DomainName"]}

    message = refusal(tmp_path, having(sample(), value, *VARIABLES, "CDN_BASE_URL"))

    assert message.startswith("Function probe: environment variable CDN_BASE_URL: DomainName of")


def test_names_a_layer_that_is_not_defined(tmp_path: Path) -> None:
    template = having(sample(), [ELSEWHERE], "Probe", "Properties", "Layers")

    assert refusal(tmp_path, template) == (
        f"Function probe names the layer {ELSEWHERE}, which the assembly does not define."
    )


def test_names_a_layer_without_a_recipe(tmp_path: Path) -> None:
    message = refusal(tmp_path, without(sample(), "Base", "Metadata"))

    assert message == (
        "Layer app/Base (AWS::Lambda::LayerVersion) does not say its recipe (djamms:recipe)."
    )


def test_names_a_function_whose_code_is_not_there(tmp_path: Path) -> None:
    message = refusal(tmp_path / "out", sample(), root=tmp_path)

    assert message == f"Function probe has no {tmp_path}/functions/probe/handler.py."


def test_names_a_layer_that_is_not_built(tmp_path: Path) -> None:
    handler = tmp_path / "functions" / "probe" / "handler.py"
    handler.parent.mkdir(parents=True)
    handler.touch()

    assert refusal(tmp_path / "out", sample(), root=tmp_path) == (
        "Layer base of function probe is not built: "
        f"there is no {tmp_path}/layers/.build/base/host/python."
    )


def test_names_a_handler_that_breaks_the_convention(tmp_path: Path) -> None:
    template = having(sample(), function("x", Handler="app.main"), "Odd")

    assert "handlers are named functions.<name>.handler.handler" in refusal(tmp_path, template)


def test_names_a_route_that_the_gateway_may_not_call(tmp_path: Path) -> None:
    assert refusal(tmp_path, without(sample(), "ProbePermission")) == (
        "Route ANY /api/probe: API Gateway has no permission to call probe."
    )


def test_names_a_route_that_is_no_proxy(tmp_path: Path) -> None:
    mock = {"Type": "MOCK"}

    message = refusal(tmp_path, having(sample(), mock, "ProbeMethod", "Properties", "Integration"))

    assert message == "Route ANY /api/probe is not a Lambda proxy integration."


def test_names_a_secret_that_the_role_may_not_read(tmp_path: Path) -> None:
    template = having(sample(), policy("Role"), "RolePolicy")

    assert refusal(tmp_path, template) == (
        "Function probe finds the secret app-Jwt in JWT_SECRET_ARN, "
        "but its role does not allow secretsmanager:GetSecretValue on it."
    )


def test_names_a_queue_that_s3_may_not_write_to(tmp_path: Path) -> None:
    assert refusal(tmp_path, without(sample(), "IngestPolicy")) == (
        "Queue app-Ingest does not let S3 send it notifications."
    )


def test_names_a_queue_that_hides_messages_for_too_short(tmp_path: Path) -> None:
    template = having(sample(), 60, "Probe", "Properties", "Timeout")

    assert refusal(tmp_path, template) == (
        "Queue app-Ingest hides a message for 18 s, less than the 60 s that probe may take."
    )


def test_names_an_intrinsic_that_is_not_known(tmp_path: Path) -> None:
    template = having(sample(), {"Fn::Cidr": ["10.0.0.0/8", 2]}, *VARIABLES, "X")

    assert "uses Fn::Cidr, which the local stack cannot resolve" in refusal(tmp_path, template)


def test_names_context_that_was_missing_at_synth(tmp_path: Path) -> None:
    load(tmp_path, sample())
    manifest = '{"missing": [{"key": "availability-zones"}], "artifacts": {}}'
    (tmp_path / "manifest.json").write_text(manifest)

    with pytest.raises(AssemblyError, match="without its context: availability-zones"):
        load_assembly(tmp_path, Local("http://x"))


def test_says_when_there_is_no_assembly(tmp_path: Path) -> None:
    with pytest.raises(AssemblyError, match="synthesize the assembly first"):
        load_assembly(tmp_path / "none", Local("http://x"))


def test_an_unused_path_needs_no_method(tmp_path: Path) -> None:
    template = having(sample(), path_part({"Ref": "ApiPath"}, "later"), "Later")

    assert len(load(tmp_path, template).apis[0].routes) == 2
