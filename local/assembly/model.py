"""What the local stack runs. Every string is already resolved to its local value."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.iam.policy import Role, Statement


@dataclass(frozen=True, slots=True)
class Function:
    name: str  # the noun in functions.<noun>.handler.handler
    logical_id: str
    arn: str
    handler: str
    environment: Mapping[str, str]  # the template's variables with local values, nothing added
    timeout_seconds: int
    memory_mb: int
    reserved_concurrency: int | None
    recipes: tuple[str, ...]  # layer recipes, in the template's order
    secrets_extension: bool  # the AWS Parameters and Secrets extension layer is attached
    role: Role
    asset_path: Path | None  # the staged code in the assembly, None when it was not staged


@dataclass(frozen=True, slots=True)
class Route:
    method: str  # GET, POST, …, ANY
    path: str  # "/api/music/{proxy+}"
    function: str  # Function.name
    timeout_seconds: float  # integration timeout, at most 29


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    type: str  # DEFAULT_4XX, MISSING_AUTHENTICATION_TOKEN, …
    status: int | None
    headers: Mapping[str, str]
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Api:
    name: str
    routes: tuple[Route, ...]
    responses: Mapping[str, GatewayResponse]
    minimum_compression_size: int | None
    binary_media_types: tuple[str, ...]
    stage: str


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    logical_id: str
    arn: str
    url: str
    visibility_timeout_seconds: int
    retention_seconds: int
    delay_seconds: int
    receive_wait_seconds: int
    fifo: bool
    dead_letter_arn: str | None
    max_receive_count: int | None
    policy: tuple[Statement, ...]  # the queue's resource policy


@dataclass(frozen=True, slots=True)
class EventSource:
    """A queue → function mapping."""

    queue_arn: str
    function: str
    batch_size: int
    window_seconds: int
    partial_failures: bool  # ReportBatchItemFailures
    max_concurrency: int | None
    enabled: bool


@dataclass(frozen=True, slots=True)
class Notification:
    events: tuple[str, ...]  # s3:ObjectCreated:*
    queue_arn: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class CorsRule:
    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    expose: tuple[str, ...]
    max_age_seconds: int | None


@dataclass(frozen=True, slots=True)
class Bucket:
    name: str
    logical_id: str
    arn: str
    notifications: tuple[Notification, ...]
    cors: tuple[CorsRule, ...]
    versioned: bool
    policy: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    name: str
    expression: str  # rate(5 minutes), cron(0 3 * * ? *), at(2026-01-01T00:00:00)
    timezone: str
    enabled: bool
    function: str
    input: str  # JSON text handed to the function
    role: Role
    dead_letter_arn: str | None
    max_attempts: int  # retries after the first try
    max_age_seconds: int


@dataclass(frozen=True, slots=True)
class SecretSpec:
    """How CloudFormation generates the value."""

    template: str | None  # JSON object text that the generated string is added to
    key: str | None
    length: int = 32
    exclude_characters: str = ""
    exclude_punctuation: bool = False
    exclude_uppercase: bool = False
    exclude_lowercase: bool = False
    exclude_numbers: bool = False
    include_space: bool = False


@dataclass(frozen=True, slots=True)
class Secret:
    name: str
    logical_id: str
    arn: str
    path: str  # aws:cdk:path
    description: str
    spec: SecretSpec | None
    value: str | None  # SecretString in the template
    attached_to: str | None  # resource type of a SecretTargetAttachment: AWS::RDS::DBCluster


@dataclass(frozen=True, slots=True)
class Behaviour:
    pattern: str  # "/images/*"; the default behaviour is "*" and always last
    signed: bool
    key_ids: frozenset[str]  # public key ids whose signatures are trusted
    methods: tuple[str, ...]
    compress: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    logical_id: str
    arn: str
    origin_bucket: str
    behaviours: tuple[Behaviour, ...]  # in the order CloudFront tries them
    public_keys: Mapping[str, str]  # key id → PEM in the template
    readable: tuple[str, ...]  # object ARN patterns that the bucket policy lets it read


@dataclass(frozen=True, slots=True)
class SearchDomain:
    name: str
    logical_id: str
    arn: str


@dataclass(frozen=True, slots=True)
class EventBus:
    name: str
    logical_id: str
    arn: str


@dataclass(frozen=True, slots=True)
class Assembly:
    directory: Path
    region: str
    account: str
    functions: Mapping[str, Function]
    apis: tuple[Api, ...]
    queues: Mapping[str, Queue]  # by ARN
    event_sources: tuple[EventSource, ...]
    buckets: Mapping[str, Bucket]  # by name
    schedules: tuple[Schedule, ...]
    secrets: Mapping[str, Secret]  # by ARN
    distributions: tuple[Distribution, ...]
    ignored: tuple[str, ...]  # "Stack/LogicalId (Type): reason", for `djamms doctor`
    search_domains: tuple[SearchDomain, ...] = ()
    event_buses: tuple[EventBus, ...] = ()

    def secret_for(self, variable: str) -> Secret | None:
        """The secret that functions find in a variable such as DATABASE_SECRET_ARN."""
        arns = {
            f.environment[variable] for f in self.functions.values() if variable in f.environment
        }
        return self.secrets.get(arns.pop()) if len(arns) == 1 else None
