"""The secrets extension's HTTP API, as the worker's role may use it."""

from pathlib import Path
from typing import Any

from local.iam.usage import read
from tests.contract.local.stage import Stage
from tests.unit.local.assemblies import having, layer, resource, sample


def jwt_arn(stage: Stage) -> str:
    return stage.assembly.functions["probe"].environment["JWT_SECRET_ARN"]


def ask(stage: Stage, secret_id: str, token: str | None = None) -> tuple[int, dict[str, Any]]:
    status, body = stage.result({"do": "secret", "id": secret_id, "token": token})["returned"]
    return status, body


def test_gives_the_value_and_notes_the_use(tmp_path: Path) -> None:
    with Stage(tmp_path, sample()) as stage:
        arn = jwt_arn(stage)

        status, body = ask(stage, arn)

        assert status == 200
        assert (body["ARN"], body["SecretString"]) == (arn, f"value of {arn}")
        assert ("probe", "secretsmanager:GetSecretValue", arn) in read(stage.config.usage_log)


def test_denies_what_the_role_does_not_allow(tmp_path: Path) -> None:
    template = having(sample(), resource("AWS::SecretsManager::Secret"), "Other")

    with Stage(tmp_path, template) as stage:
        other = next(arn for arn in stage.assembly.secrets if "app-Other" in arn)
        status, body = ask(stage, other)

    assert (status, body["__type"]) == (400, "AccessDeniedException")
    assert "/probe is not authorized to perform: secretsmanager:GetSecretValue" in body["message"]
    assert other in body["message"]


def test_wants_the_worker_s_own_token(tmp_path: Path) -> None:
    with Stage(tmp_path, sample()) as stage:
        assert ask(stage, jwt_arn(stage), token="guessed")[0] == 403


def test_says_when_a_secret_has_no_value(tmp_path: Path) -> None:
    with Stage(tmp_path, sample(), secrets=lambda _: None) as stage:
        status, body = ask(stage, jwt_arn(stage))

        assert (status, body["__type"]) == (400, "ResourceNotFoundException")


def test_is_not_there_for_a_function_without_the_extension(tmp_path: Path) -> None:
    template = having(sample(), [{"Ref": "Base"}], "Probe", "Properties", "Layers")

    with Stage(tmp_path, having(template, layer("unused"), "Other")) as stage:
        environment = stage.result({"do": "environment"})["returned"]

        assert "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT" not in environment
