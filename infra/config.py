"""What differs between the environments, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parseaddr
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent

type EnvironmentName = Literal["dev", "prod"]

# The public half of a pair whose private half was thrown away: until `djamms keys` has made your
# own pair, nobody can sign a media URL. The private half goes into the secret `cdn-key`.
PLACEHOLDER_CDN_KEY = """\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE17r+mPy7KO7XYu4SiSWmkk3FSDjE
eZeB0Fdg6cC+ingWHnPS+gvavTV7hP8UAThVm3j9E3vQ0VxhC1cFqhTQdw==
-----END PUBLIC KEY-----
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Domain:
    """A name of our own, and the ARN of its certificate (CloudFront's lies in us-east-1)."""

    name: str
    certificate_arn: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """Capacity in Aurora units (about 2 GiB each); a minimum of 0 pauses an idle cluster."""

    min_capacity: float
    max_capacity: float
    readers: int
    backup_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Compute:
    """How the functions run. No reservation means that they share the account's concurrency."""

    snap_start: bool
    api_concurrency: int | None
    jobs_concurrency: int | None
    ingest_concurrency: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchDomain:
    """OpenSearch: how many nodes hold data, spread over as many zones; no masters means that the
    data nodes do their work as well."""

    data_nodes: int
    data_type: str
    zones: int
    masters: int
    master_type: str
    storage_gb: int
    indexer_concurrency: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    name: EnvironmentName
    region: str
    availability_zones: tuple[str, ...]
    nat_instance: bool
    database: Database
    compute: Compute
    search: SearchDomain | None
    """None: PostgreSQL searches."""
    api_domain: Domain | None
    cdn_domain: Domain | None
    cdn_public_keys: tuple[str, ...]
    """PEM, the one that signs first. Keep the former one until the URLs it signed have expired."""
    cors_allowed_origins: tuple[str, ...]
    settings: Mapping[str, str]
    """Optional settings by the name of their variable (docs/configuration.md): each reaches the
    functions that read it. No secrets: those are entries in Secrets Manager."""
    mail_from: str
    """`Name <address>`, or the address alone; SES must have verified its domain."""
    trash_every: str
    """How long deleted media stays reachable at most; each time wakes a paused database."""
    alarm_email: str | None
    admin_email: str
    log_retention_days: int
    firewall: bool
    keep_data: bool
    """Stateful resources survive the deletion of their stack and are protected from it."""

    @property
    def mail_domain(self) -> str:
        return parseaddr(self.mail_from)[1].rpartition("@")[2]

    @property
    def prefix(self) -> str:
        return f"djamms-{self.name}"


# What `--search` gives to an environment that has none.
SMALL_SEARCH = SearchDomain(
    data_nodes=1,
    data_type="t3.small.search",
    zones=1,
    masters=0,
    master_type="",
    storage_gb=10,
    indexer_concurrency=2,
)

DEV = Config(
    name="dev",
    region="eu-central-1",
    availability_zones=("eu-central-1a", "eu-central-1b"),
    nat_instance=True,
    database=Database(min_capacity=0, max_capacity=2, readers=0, backup_days=1),
    compute=Compute(
        snap_start=False, api_concurrency=None, jobs_concurrency=None, ingest_concurrency=5
    ),
    search=None,
    api_domain=None,
    cdn_domain=None,
    cdn_public_keys=(PLACEHOLDER_CDN_KEY,),
    cors_allowed_origins=(
        "http://localhost:3000",
        "http://localhost:4173",
        "http://localhost:5173",
    ),
    settings={
        "LOG_LEVEL": "INFO",
        "JWT_EXPIRES_IN": "24h",
        "FRONTEND_BASE_URL": "http://localhost:3000",
    },
    mail_from="DJAMMS <no-reply@djamms.com>",
    trash_every="rate(1 hour)",
    alarm_email=None,
    admin_email="admin@djamms.com",
    log_retention_days=7,
    firewall=False,
    keep_data=False,
)

PROD = Config(
    name="prod",
    region="eu-central-1",
    availability_zones=("eu-central-1a", "eu-central-1b", "eu-central-1c"),
    nat_instance=False,
    database=Database(min_capacity=0.5, max_capacity=16, readers=1, backup_days=14),
    compute=Compute(snap_start=True, api_concurrency=50, jobs_concurrency=5, ingest_concurrency=10),
    search=SearchDomain(
        data_nodes=3,
        data_type="r7g.large.search",
        zones=3,
        masters=3,
        master_type="m7g.large.search",
        storage_gb=50,
        indexer_concurrency=2,
    ),
    # Replace both ARNs by those of your own certificates before the first deployment.
    api_domain=Domain(
        name="api.djamms.com",
        certificate_arn="arn:aws:acm:eu-central-1:111122223333:certificate/api",
    ),
    cdn_domain=Domain(
        name="cdn.djamms.com",
        certificate_arn="arn:aws:acm:us-east-1:111122223333:certificate/cdn",
    ),
    cdn_public_keys=(PLACEHOLDER_CDN_KEY,),
    cors_allowed_origins=("https://djamms.com",),
    settings={
        "LOG_LEVEL": "INFO",
        "JWT_EXPIRES_IN": "24h",
        "FRONTEND_BASE_URL": "https://djamms.com",
    },
    mail_from="DJAMMS <no-reply@djamms.com>",
    trash_every="rate(5 minutes)",
    alarm_email="alarms@djamms.com",
    admin_email="admin@djamms.com",
    log_retention_days=90,
    firewall=True,
    keep_data=True,
)

CONFIGS: dict[EnvironmentName, Config] = {"dev": DEV, "prod": PROD}


def config_of(name: str, *, search: bool = False) -> Config:
    """`search`: with OpenSearch, also where the environment has none."""
    for config in CONFIGS.values():
        if config.name == name:
            return replace(config, search=config.search or SMALL_SEARCH) if search else config
    raise ValueError(f"There is no environment {name!r}; infra/config.py has {', '.join(CONFIGS)}.")
