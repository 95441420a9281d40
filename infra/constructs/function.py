"""The one place that holds every Lambda default."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_logs import ILogGroup
from constructs import Construct

from infra import functions
from infra.assets import Assets
from infra.config import Config
from infra.constructs.database import Database
from infra.constructs.layers import ARCHITECTURE, RUNTIME, Layers
from infra.constructs.logs import log_group
from infra.constructs.media_bucket import MediaBucket
from infra.constructs.network import FUNCTION_SUBNETS, Network
from infra.constructs.platform_role import platform_role
from infra.constructs.queue import DeadLetters
from infra.constructs.search_domain import SearchDomain
from infra.constructs.secret_values import Secrets
from infra.nag import acknowledge, finding_text

NAME = "djamms:function"
ACKNOWLEDGED = {
    "AwsSolutions-L1": "Python 3.13 is what every test runs on and what the lock file is made for.",
    "@aws-cdk/aws-lambda:snapStartRequirePublish": "The alias publishes a version.",
}
SECRET_VARIABLES: dict[functions.SecretName, str] = {
    "database": "DATABASE_SECRET_ARN",
    "jwt": "JWT_SECRET_ARN",
    "admin": "ADMIN_SECRET_ARN",
    "cdn-key": "CDN_KEY_SECRET_ARN",
}


@dataclass(frozen=True, slots=True)
class Search:
    """Where is searched, and the queue of what has changed there."""

    domain: SearchDomain
    queue: sqs.IQueue


@dataclass(frozen=True, slots=True)
class Platform:
    """What all functions of a stack share."""

    config: Config
    network: Network
    database: Database
    secrets: Secrets
    layers: Layers
    assets: Assets
    search: Search | None

    def secret_arn(self, name: functions.SecretName) -> str:
        arns = {
            "database": self.database.secret.secret_arn,
            "jwt": self.secrets.jwt.secret_arn,
            "admin": self.secrets.admin.secret_arn,
            "cdn-key": self.secrets.cdn_key_arn,
        }
        return arns[name]


class Function(Construct):
    """`entry` is what callers invoke: the function, or in prod the alias of its snapshot."""

    entry: lambda_.IFunction

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: functions.Function,
        platform: Platform,
        environment: dict[str, str],
        concurrency: int | None = None,
        consumes: sqs.IQueue | None = None,
        dead_letters: DeadLetters | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._platform = platform
        logs = log_group(self, "Logs", config=platform.config)
        self.role = platform_role(self, log=logs, consumes=consumes, dead_letters=dead_letters)
        self.function = self._function(spec, environment, concurrency, logs)
        self._finish(spec, dead_letters)
        self.allow(["secretsmanager:GetSecretValue"], *map(platform.secret_arn, spec.secrets))
        self._allow_search(spec)
        self.entry = self._entry()

    def _function(
        self,
        spec: functions.Function,
        environment: dict[str, str],
        concurrency: int | None,
        logs: ILogGroup,
    ) -> lambda_.Function:
        platform = self._platform
        return lambda_.Function(
            self,
            "Function",
            description=f"functions/{spec.name}",
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            code=platform.assets.function(spec.name),
            handler=f"functions.{spec.name}.handler.handler",
            layers=[platform.layers.of(recipe) for recipe in spec.layers],
            params_and_secrets=_secrets_extension(),
            environment=self._environment(spec) | environment,
            memory_size=spec.memory_mb,
            timeout=Duration.seconds(spec.timeout_seconds),
            role=self.role,
            log_group=logs,
            # Powertools writes JSON itself.
            logging_format=lambda_.LoggingFormat.TEXT,
            vpc=platform.network.vpc,
            vpc_subnets=FUNCTION_SUBNETS,
            security_groups=self._edges(spec),
            reserved_concurrent_executions=concurrency,
            snap_start=self._snap_start(),
        )

    def allow(
        self,
        actions: list[str],
        *resources: str,
        conditions: dict[str, dict[str, str]] | None = None,
    ) -> None:
        """What the code itself does. Grants of CDK allow more than a function uses."""
        self.role.add_to_policy(
            iam.PolicyStatement(actions=actions, resources=list(resources), conditions=conditions)
        )

    def allow_objects(self, actions: list[str], media: MediaBucket, *patterns: str) -> None:
        """`patterns`: keys in the media bucket, such as `uploads/*`."""
        arns = [f"{media.arn}/{pattern}" for pattern in patterns]
        self.allow(actions, *arns)
        acknowledge(
            self.role,
            {
                f"AwsSolutions-IAM5[Resource::{finding_text(arn)}]": "The keys below this prefix "
                "are made at run time, and these actions are all that the code does there."
                for arn in arns
            },
        )

    def _edges(self, spec: functions.Function) -> list[ec2.ISecurityGroup]:
        network = self._platform.network
        to_database = [network.reach_database] if "database" in spec.secrets else []
        to_search = [network.reach_search] if self._searches(spec) else []
        return [*to_database, *to_search, network.reach_https]

    def _searches(self, spec: functions.Function) -> bool:
        return bool(self._platform.search and spec.asks_search)

    def _environment(self, spec: functions.Function) -> dict[str, str]:
        secrets = {SECRET_VARIABLES[name]: self._platform.secret_arn(name) for name in spec.secrets}
        settings = functions.settings(self._platform.config, spec)
        return secrets | settings | self._found(spec) | {"POWERTOOLS_SERVICE_NAME": spec.name}

    def _found(self, spec: functions.Function) -> dict[str, str]:
        """Where OpenSearch is, and whom to tell that something to be found has changed."""
        search, variables = self._platform.search, {}
        if search and spec.asks_search:
            variables["ELASTICSEARCH_URL"] = search.domain.url
        if search and spec.tells_indexer:
            variables["INDEX_QUEUE_URL"] = search.queue.queue_url
        return variables

    def _allow_search(self, spec: functions.Function) -> None:
        search = self._platform.search
        if search and spec.asks_search:
            for one in spec.asks_search:
                self.allow([one.action], *(f"{search.domain.arn}/{path}" for path in one.paths))
            starred = {path for one in spec.asks_search for path in one.paths if "*" in path}
            acknowledge(
                self.role,
                {
                    f"AwsSolutions-IAM5[Resource::{finding_text(search.domain.arn)}/{path}]": "An "
                    "index is named by the time it is made, and all of them belong to this system."
                    for path in sorted(starred)
                },
            )
        if search and spec.tells_indexer:
            self.allow(["sqs:SendMessage"], search.queue.queue_arn)

    def _finish(self, spec: functions.Function, dead_letters: DeadLetters | None) -> None:
        """Set beneath the L2 construct, which would add grants to the code's own policy."""
        resource = self.function.node.default_child
        assert isinstance(resource, lambda_.CfnFunction)
        resource.add_metadata(NAME, spec.name)
        acknowledge(self.function, ACKNOWLEDGED)
        resource.tracing_config = lambda_.CfnFunction.TracingConfigProperty(mode="Active")
        if dead_letters:
            resource.dead_letter_config = lambda_.CfnFunction.DeadLetterConfigProperty(
                target_arn=dead_letters.queue.queue_arn
            )

    def _snap_start(self) -> lambda_.SnapStartConf | None:
        on = self._platform.config.compute.snap_start
        return lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if on else None

    def _entry(self) -> lambda_.IFunction:
        if not self._platform.config.compute.snap_start:
            return self.function
        return lambda_.Alias(self, "Live", alias_name="live", version=self.function.current_version)


def _secrets_extension() -> lambda_.ParamsAndSecretsLayerVersion:
    return lambda_.ParamsAndSecretsLayerVersion.from_version(
        lambda_.ParamsAndSecretsVersions.V1_0_103,
        log_level=lambda_.ParamsAndSecretsLogLevel.WARN,
        secrets_manager_timeout=Duration.seconds(3),
    )
