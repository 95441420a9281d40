"""What a working assembly is read as."""

from pathlib import Path

import pytest

from local.assembly import Assembly, Local, load_assembly
from tests.unit.local.assemblies import EMULATOR, having, load, resource, sample, write

ACCOUNT = "000000000000"


@pytest.fixture
def assembly(tmp_path: Path) -> Assembly:
    return load(tmp_path, sample(), overrides={"API_BASE_URL": "http://localhost:3001/api"})


def test_takes_the_region_of_the_manifest(assembly: Assembly) -> None:
    assert (assembly.region, assembly.account) == ("eu-central-1", ACCOUNT)


def test_names_a_function_by_its_handler(assembly: Assembly) -> None:
    probe = assembly.functions["probe"]

    assert (probe.timeout_seconds, probe.memory_mb, probe.recipes) == (3, 256, ("base",))
    assert probe.secrets_extension
    assert probe.reserved_concurrency is None


def test_resolves_the_environment_to_local_values(assembly: Assembly) -> None:
    environment = assembly.functions["probe"].environment

    assert environment["AWS_S3_BUCKET"] == f"media-{ACCOUNT}"
    assert environment["INGEST_QUEUE_URL"] == f"{EMULATOR}/{ACCOUNT}/app-Ingest"
    assert environment["JWT_SECRET_ARN"] in assembly.secrets


def test_overrides_a_variable_only_where_the_template_names_it(tmp_path: Path) -> None:
    overrides = {"API_BASE_URL": "http://localhost:3001/api", "NOT_NAMED": "x"}

    environment = load(tmp_path, sample(), overrides=overrides).functions["probe"].environment

    assert environment["API_BASE_URL"] == "http://localhost:3001/api"
    assert "NOT_NAMED" not in environment


def test_flattens_the_resource_tree_to_routes(assembly: Assembly) -> None:
    routes = {(r.method, r.path, r.function) for r in assembly.apis[0].routes}

    assert routes == {("ANY", "/api/probe", "probe"), ("ANY", "/api/probe/{proxy+}", "probe")}


def test_reads_gateway_responses_with_their_headers(assembly: Assembly) -> None:
    response = assembly.apis[0].responses["DEFAULT_4XX"]

    assert response.headers == {"Access-Control-Allow-Origin": "*"}
    assert "$context.error.messageString" in response.templates["application/json"]


def test_reads_queues_with_their_redrive(assembly: Assembly) -> None:
    queues = {queue.logical_id: queue for queue in assembly.queues.values()}

    assert queues["Ingest"].visibility_timeout_seconds == 18
    assert queues["Ingest"].dead_letter_arn == queues["Dead"].arn
    assert queues["Ingest"].max_receive_count == 3


def test_reads_event_sources(assembly: Assembly) -> None:
    source = assembly.event_sources[0]

    assert (source.function, source.batch_size, source.partial_failures) == ("probe", 5, True)


def test_reads_bucket_notifications(assembly: Assembly) -> None:
    notification = assembly.buckets[f"media-{ACCOUNT}"].notifications[0]

    assert notification.events == ("s3:ObjectCreated:*",)
    assert notification.prefix == "uploads/"
    assert notification.queue_arn in assembly.queues


def test_reads_notifications_of_the_custom_resource(tmp_path: Path) -> None:
    arn = {"Fn::GetAtt": ["Ingest", "Arn"]}
    rules = [{"Name": "suffix", "Value": ".mp3"}]
    entry = {
        "Events": ["s3:ObjectRemoved:*"],
        "QueueArn": arn,
        "Filter": {"Key": {"FilterRules": rules}},
    }
    properties = {
        "BucketName": {"Ref": "Media"},
        "NotificationConfiguration": {"QueueConfigurations": [entry]},
    }
    custom = {"Type": "Custom::S3BucketNotifications", "Properties": properties}

    assembly = load(tmp_path, having(sample(), custom, "Custom"))

    suffixes = [n.suffix for n in assembly.buckets[f"media-{ACCOUNT}"].notifications]
    assert suffixes == ["", ".mp3"]


def test_reads_schedules(assembly: Assembly) -> None:
    schedule = assembly.schedules[0]

    assert (schedule.expression, schedule.timezone) == ("rate(5 minutes)", "Europe/Berlin")
    assert (schedule.function, schedule.input) == ("probe", '{"job":"tick"}')
    assert (schedule.max_attempts, schedule.enabled) == (2, True)


def test_reads_which_paths_of_the_distribution_are_signed(assembly: Assembly) -> None:
    cdn = assembly.distributions[0]

    assert [(b.pattern, b.signed) for b in cdn.behaviours] == [("/images/*", False), ("*", True)]
    assert cdn.behaviours[1].key_ids == frozenset(cdn.public_keys)
    assert cdn.readable == tuple(
        f"arn:aws:s3:::media-{ACCOUNT}/{folder}/*" for folder in ("audio", "images")
    )


def test_finds_a_secret_by_the_variable_that_names_it(assembly: Assembly) -> None:
    secret = assembly.secret_for("JWT_SECRET_ARN")

    assert secret is not None
    assert secret.spec is not None
    assert secret.spec.length == 64


def test_follows_imports_between_stacks(tmp_path: Path) -> None:
    template = sample()
    data = {"Resources": {"Jwt": template["Resources"].pop("Jwt")}}
    data["Outputs"] = {"Arn": {"Value": {"Ref": "Jwt"}, "Export": {"Name": "data:jwt"}}}
    imported = {"Fn::ImportValue": "data:jwt"}
    resources = template["Resources"]
    resources["Probe"]["Properties"]["Environment"]["Variables"]["JWT_SECRET_ARN"] = imported
    resources["RolePolicy"]["Properties"]["PolicyDocument"]["Statement"][0]["Resource"] = imported

    folder = write(tmp_path, {"data": data, "app": template})
    assembly = load_assembly(folder, Local(EMULATOR))

    assert assembly.functions["probe"].environment["JWT_SECRET_ARN"] in assembly.secrets


def test_an_alias_stands_for_its_function(tmp_path: Path) -> None:
    version = resource("AWS::Lambda::Version", FunctionName={"Ref": "Probe"})
    alias = resource("AWS::Lambda::Alias", FunctionName={"Ref": "Probe"}, Name="live")
    template = having(having(sample(), version, "One"), alias, "Live")
    target = {"Fn::Select": [6, {"Fn::Split": [":", {"Ref": "Live"}]}]}
    named = {"Fn::Join": ["", [target, ":live"]]}

    template = having(template, named, "Mapping", "Properties", "FunctionName")
    template = having(template, {"Ref": "Live"}, "Tick", "Properties", "Target", "Arn")
    assembly = load(tmp_path, template)

    assert assembly.event_sources[0].function == assembly.schedules[0].function == "probe"


def test_leaves_out_functions_that_only_run_while_cloudformation_deploys(tmp_path: Path) -> None:
    helper = {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Handler": "index.handler", "Role": {"Fn::GetAtt": ["Role", "Arn"]}},
    }
    custom = {
        "Type": "Custom::S3AutoDeleteObjects",
        "Properties": {"ServiceToken": {"Fn::GetAtt": ["Helper", "Arn"]}},
    }
    template = having(having(sample(), helper, "Helper"), custom, "Empty")

    assert set(load(tmp_path, template).functions) == {"probe"}
