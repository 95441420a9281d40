"""Which path reaches which function, and what the gateway itself answers."""

import json

import pytest

from infra import functions
from tests.infra.assembly import Assembly, Resource
from tests.infra.test_queues import invoked

ROUTES = {path: spec.name for spec in functions.API for path in spec.routes}


def path_of(assembly: Assembly, resource: Resource | None) -> str:
    if resource is None or resource.type != "AWS::ApiGateway::Resource":
        return ""
    parent = assembly.target(resource.properties["ParentId"])
    return f"{path_of(assembly, parent)}/{resource.properties['PathPart']}"


def methods(assembly: Assembly) -> dict[str, Resource]:
    return {
        path_of(assembly, assembly.target(method.properties["ResourceId"])) or "/": method
        for method in assembly.of_type("AWS::ApiGateway::Method")
    }


def test_every_path_reaches_its_function_with_every_method(assembly: Assembly) -> None:
    found = {
        path: next(
            name
            for name, function in assembly.functions().items()
            if function == invoked(assembly, method.properties["Integration"]["Uri"])
        )
        for path, method in methods(assembly).items()
    }

    assert found == ROUTES
    assert {m.properties["HttpMethod"] for m in methods(assembly).values()} == {"ANY"}
    assert {m.properties["Integration"]["Type"] for m in methods(assembly).values()} == {
        "AWS_PROXY"
    }


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/health", "system"),
        ("/api/health", "system"),
        ("/api/music/search", "search"),
        ("/api/music/suggest", "search"),
        ("/api/music/{proxy+}", "music"),
        ("/api/auth/spotify/callback", "spotify"),
        ("/api/auth/{proxy+}", "auth"),
        ("/api/user/{proxy+}", "library"),
    ],
)
def test_paths_that_another_greedy_route_would_swallow(path: str, name: str) -> None:
    assert ROUTES[path] == name


def test_the_gateway_may_invoke_every_api_function(assembly: Assembly) -> None:
    allowed = {
        invoked(assembly, permission.properties["FunctionName"]).id
        for permission in assembly.of_type("AWS::Lambda::Permission")
        if permission.properties["Principal"] == "apigateway.amazonaws.com"
    }

    assert allowed == {assembly.functions()[spec.name].id for spec in functions.API}


def test_the_gateways_own_errors_have_the_shape_and_the_headers_of_the_api(
    assembly: Assembly,
) -> None:
    answers = assembly.of_type("AWS::ApiGateway::GatewayResponse")
    kinds = {answer.properties["ResponseType"] for answer in answers}

    assert {"DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN"} <= kinds
    for answer in answers:
        body = json.loads(answer.properties["ResponseTemplates"]["application/json"])
        headers = answer.properties["ResponseParameters"]
        assert body.keys() == {"error", "message", "requestId", "details"}
        assert body["requestId"] == "$context.requestId"
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"


def test_an_unknown_path_is_not_found_rather_than_forbidden(assembly: Assembly) -> None:
    [answer] = [
        answer.properties
        for answer in assembly.of_type("AWS::ApiGateway::GatewayResponse")
        if answer.properties["ResponseType"] == "MISSING_AUTHENTICATION_TOKEN"
    ]

    assert answer["StatusCode"] == "404"
    assert '"not_found"' in answer["ResponseTemplates"]["application/json"]


def test_the_api_is_regional_compresses_and_takes_form_data_as_bytes(assembly: Assembly) -> None:
    [api] = assembly.of_type("AWS::ApiGateway::RestApi")

    assert api.properties["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    assert api.properties["MinimumCompressionSize"] == 1024
    assert api.properties["BinaryMediaTypes"] == ["multipart/form-data"]


def test_the_stage_is_throttled_logged_and_behind_a_firewall_in_prod(assembly: Assembly) -> None:
    [stage] = assembly.of_type("AWS::ApiGateway::Stage")
    [settings] = stage.properties["MethodSettings"]

    assert settings["ThrottlingRateLimit"] > 0
    assert settings["DataTraceEnabled"] is False
    assert "AccessLogSetting" in stage.properties
    assert bool(assembly.of_type("AWS::WAFv2::WebACLAssociation")) is assembly.config.firewall


def test_its_own_name_replaces_the_one_of_aws(prod: Assembly) -> None:
    [api] = prod.of_type("AWS::ApiGateway::RestApi")
    variables = prod.functions()["auth"].properties["Environment"]["Variables"]

    assert api.properties["DisableExecuteApiEndpoint"] is True
    assert variables["API_BASE_URL"] == "https://api.djamms.com/api"
    assert variables["CDN_BASE_URL"] == "https://cdn.djamms.com"
