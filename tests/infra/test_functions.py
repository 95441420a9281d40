"""What holds for every function, whichever part added it."""

import json
from typing import Any

import pytest

from infra import functions
from infra.config import ROOT
from tests.infra.assembly import Assembly, Resource

COMMON = {"LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "DATABASE_SECRET_ARN"}
API = COMMON | {
    "JWT_SECRET_ARN",
    *("API_BASE_URL", "CDN_BASE_URL", "CORS_ALLOWED_ORIGINS"),
}
ENVIRONMENT = {
    **dict.fromkeys((spec.name for spec in functions.API), API),
    "auth": API | {"JWT_EXPIRES_IN", "MAIL_QUEUE_URL"},
    "music": API | {"AWS_S3_BUCKET", "CDN_KEY_ID", "CDN_KEY_SECRET_ARN"},
    "playlists": API | {"AWS_S3_BUCKET", "INGEST_QUEUE_URL"},
    "ingest": COMMON | {"AWS_S3_BUCKET"},
    "mail": COMMON | {"JWT_SECRET_ARN", "MAIL_FROM", "FRONTEND_BASE_URL"},
    "jobs": COMMON | {"AWS_S3_BUCKET", "INGEST_QUEUE_URL", "ADMIN_SECRET_ARN"},
    "indexer": COMMON,
    "playout": COMMON | {"EVENT_BUS_NAME", "PLAYOUT_QUEUE_URL"},
    "scheduler": API | {"PLAYOUT_QUEUE_URL"},
}
# Where there is OpenSearch, these have an address to ask, and those a queue to tell.
ASK_SEARCH = {"search", "indexer", "system"}
TELL_INDEXER = {"auth", "music", "playlists", "library", "ingest", "jobs", "indexer", "system"}
EXTENSION = ("PARAMETERS_SECRETS_EXTENSION_", "SECRETS_MANAGER_", "SSM_PARAMETER_STORE_")
SPECS = {spec.name: spec for spec in functions.ALL}
MAX_LAYERS = 5


def variables(function: Resource) -> dict[str, Any]:
    found = function.properties["Environment"]["Variables"]
    return {name: value for name, value in found.items() if not name.startswith(EXTENSION)}


def test_every_function_of_the_table_is_deployed_and_no_other(assembly: Assembly) -> None:
    named = {spec.name for spec in functions.deployed(assembly.config)}

    assert assembly.functions().keys() == named


def test_the_indexer_is_there_exactly_if_opensearch_is(assembly: Assembly) -> None:
    assert ("indexer" in assembly.functions()) is (assembly.config.search is not None)


def test_every_function_has_its_handler_in_the_tree(assembly: Assembly) -> None:
    for name, function in assembly.functions().items():
        assert function.properties["Handler"] == f"functions.{name}.handler.handler"
        assert (ROOT / "functions" / name / "handler.py").is_file(), name


def test_every_folder_of_functions_is_deployed(prod: Assembly) -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}

    assert folders == prod.functions().keys()


def test_runs_python_on_arm_within_its_limits(assembly: Assembly) -> None:
    for name, function in assembly.functions().items():
        properties = function.properties
        assert properties["Runtime"] == "python3.13", name
        assert properties["Architectures"] == ["arm64"], name
        assert properties["Timeout"] == SPECS[name].timeout_seconds, name
        assert properties["MemorySize"] == SPECS[name].memory_mb, name
        assert properties["TracingConfig"] == {"Mode": "Active"}, name


def test_an_api_function_gives_up_before_the_gateway_does(assembly: Assembly) -> None:
    for spec in functions.API:
        assert assembly.functions()[spec.name].properties["Timeout"] < 29


def test_layers_are_those_of_the_table_and_the_secrets_extension(assembly: Assembly) -> None:
    for name, function in assembly.functions().items():
        layers = function.properties["Layers"]
        ours = [found for layer in layers if (found := assembly.target(layer))]
        recipes = sorted(layer.metadata["djamms:recipe"] for layer in ours)
        extensions = [layer for layer in layers if isinstance(layer, str)]
        assert recipes == sorted(SPECS[name].layers), name
        assert ["AWS-Parameters-and-Secrets" in arn for arn in extensions] == [True], name
        assert len(layers) <= MAX_LAYERS, name


def test_logs_go_to_a_group_of_its_own_that_forgets(assembly: Assembly) -> None:
    groups = []
    for name, function in assembly.functions().items():
        logging = function.properties["LoggingConfig"]
        group = assembly.target(logging["LogGroup"])
        assert group, name
        assert group.properties["RetentionInDays"] == assembly.config.log_retention_days, name
        groups.append(group.id)
    assert len(set(groups)) == len(groups)


def test_every_log_group_forgets(assembly: Assembly) -> None:
    for group in assembly.of_type("AWS::Logs::LogGroup"):
        assert group.properties["RetentionInDays"] == assembly.config.log_retention_days, group


@pytest.mark.parametrize("name", sorted(SPECS))
def test_environment_has_exactly_the_names_that_the_code_reads(
    assembly: Assembly, name: str
) -> None:
    if name not in assembly.functions():
        assert not assembly.config.search
        return
    searched = assembly.config.search is not None
    expected = set(ENVIRONMENT[name])
    expected |= {"ELASTICSEARCH_URL"} if searched and name in ASK_SEARCH else set()
    expected |= {"INDEX_QUEUE_URL"} if searched and name in TELL_INDEXER else set()

    assert variables(assembly.functions()[name]).keys() == expected


def test_environment_says_which_function(assembly: Assembly) -> None:
    for name, function in assembly.functions().items():
        assert variables(function)["POWERTOOLS_SERVICE_NAME"] == name


def test_no_secret_is_written_into_an_environment(assembly: Assembly) -> None:
    for function in assembly.functions().values():
        for name, value in variables(function).items():
            text = assembly.text(value)
            assert "{{resolve:" not in text, name
            if name.endswith("_SECRET_ARN"):
                found = assembly.target(value)
                assert found, name
                assert found.type.startswith("AWS::SecretsManager::Secret"), name


def test_only_prod_takes_snapshots_and_reserves_concurrency(assembly: Assembly) -> None:
    compute = assembly.config.compute
    for spec in functions.API:
        properties = assembly.functions()[spec.name].properties
        assert properties.get("ReservedConcurrentExecutions") == compute.api_concurrency
        assert ("SnapStart" in properties) is compute.snap_start


def test_with_snapshots_every_caller_goes_through_the_alias(prod: Assembly) -> None:
    aliases = {alias.id for alias in prod.of_type("AWS::Lambda::Alias")}
    callers = [
        *(method.properties["Integration"]["Uri"] for method in methods(prod)),
        *(m.properties["FunctionName"] for m in prod.of_type("AWS::Lambda::EventSourceMapping")),
        *(s.properties["Target"]["Arn"] for s in prod.of_type("AWS::Scheduler::Schedule")),
    ]

    assert len(aliases) == len(SPECS)
    for caller in callers:
        assert any(alias in json.dumps(caller) for alias in aliases), caller


def methods(assembly: Assembly) -> list[Resource]:
    return assembly.of_type("AWS::ApiGateway::Method")


def test_no_function_is_hidden_in_a_custom_resource(assembly: Assembly) -> None:
    for resource in assembly.resources.values():
        assert not resource.type.startswith(("Custom::", "AWS::CloudFormation::Custom")), resource
