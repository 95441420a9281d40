"""Every function: where it is reached, which layers it carries, what it may use.

The one table that the stacks, the tests and the reader look at; it holds no CDK object.
"""

from dataclasses import dataclass, field
from typing import Literal

from infra.config import Config

type SecretName = Literal["database", "jwt", "admin", "cdn-key"]

API_TIMEOUT_SECONDS = 28  # API Gateway gives up after 29
INGEST_TIMEOUT_SECONDS = 60
MAIL_TIMEOUT_SECONDS = 60
INDEXER_TIMEOUT_SECONDS = 60
# What it left undone, the next minute's does.
PLAYOUT_TIMEOUT_SECONDS = 30
# As long as Lambda allows: a migration may have a million tracks to go through.
JOBS_TIMEOUT_SECONDS = 900
ONE_CPU_MB = 1769  # Lambda gives CPU by memory: this is one whole core


@dataclass(frozen=True, slots=True)
class Asks:
    """Paths below a domain, which may hold IAM's wildcards."""

    method: str
    paths: tuple[str, ...]

    @property
    def action(self) -> str:
        return f"es:ESHttp{self.method}"


def asks(method: str, *paths: str) -> Asks:
    return Asks(method, paths)


@dataclass(frozen=True, kw_only=True, slots=True)
class Function:
    """`recipes` come after `djamms` and `base`, which every function carries. `asks_search`: its
    requests to OpenSearch, where there is one, as methods and paths. `tells_indexer`: it changes
    what is found."""

    name: str
    recipes: tuple[str, ...]
    secrets: tuple[SecretName, ...] = ("database",)
    timeout_seconds: int = API_TIMEOUT_SECONDS
    memory_mb: int = ONE_CPU_MB
    routes: tuple[str, ...] = field(default=())
    asks_search: tuple[Asks, ...] = ()
    tells_indexer: bool = False

    @property
    def layers(self) -> tuple[str, ...]:
        return ("djamms", "base", *self.recipes)


def api(
    name: str,
    *routes: str,
    recipes: tuple[str, ...] = (),
    secrets: tuple[SecretName, ...] = (),
    asks_search: tuple[Asks, ...] = (),
    tells_indexer: bool = False,
) -> Function:
    """A route that ends in `*` is the path itself and all that is below it."""
    return Function(
        name=name,
        recipes=("web", *recipes),
        secrets=("database", "jwt", *secrets),
        routes=tuple(path for route in routes for path in expand(route)),
        asks_search=asks_search,
        tells_indexer=tells_indexer,
    )


def expand(route: str) -> tuple[str, ...]:
    return (route[:-2], f"{route[:-2]}/{{proxy+}}") if route.endswith("/*") else (route,)


API = (
    api("auth", "/api/auth/*", recipes=("aws",), tells_indexer=True),
    api(
        "music",
        "/api/music/*",
        recipes=("signing",),
        secrets=("cdn-key",),
        tells_indexer=True,
    ),
    api(
        "search",
        "/api/music/search/*",
        "/api/music/suggest",
        recipes=("opensearch",),
        asks_search=(asks("Post", "djamms*/_search", "djamms*/_msearch"),),
    ),
    api("playlists", "/api/playlists/*", recipes=("aws",), tells_indexer=True),
    api("library", "/api/user/*", "/api/moderation/*", recipes=("aws",), tells_indexer=True),
    api("spotify", "/api/integrations/spotify/*", "/api/auth/spotify/callback"),
    api("scheduler", "/api/scheduler/*", recipes=("aws",)),
    api(
        "system",
        "/api/system/*",
        "/api/docs/*",
        "/api/openapi.json",
        "/",
        "/api",
        "/api/health",
        "/health",
        recipes=("system",),
        asks_search=(asks("Get", "_cluster/health", "_cat/count/*"),),
        tells_indexer=True,
    ),
    api("settings", "/api/settings/*"),
)

INGEST = Function(
    name="ingest",
    recipes=("aws", "media"),
    timeout_seconds=INGEST_TIMEOUT_SECONDS,
    tells_indexer=True,
)
JOBS = Function(
    name="jobs",
    recipes=("aws", "migrate"),
    secrets=("database", "admin"),
    timeout_seconds=JOBS_TIMEOUT_SECONDS,
    tells_indexer=True,
)

MAIL = Function(
    name="mail",
    recipes=("aws",),
    secrets=("database", "jwt"),
    timeout_seconds=MAIL_TIMEOUT_SECONDS,
)

# Only where there is OpenSearch.
INDEXER = Function(
    name="indexer",
    recipes=("opensearch",),
    timeout_seconds=INDEXER_TIMEOUT_SECONDS,
    # A reindex makes and removes indices.
    asks_search=(
        asks("Delete", "djamms*"),
        asks("Get", "djamms*"),
        asks("Post", "_aliases", "djamms*"),
        asks("Put", "djamms*"),
    ),
    tells_indexer=True,
)

# Nobody waits for its few milliseconds, of which there are 1,440 a day.
PLAYOUT = Function(
    name="playout",
    recipes=("aws",),
    timeout_seconds=PLAYOUT_TIMEOUT_SECONDS,
    memory_mb=512,
)

ALL = (*API, INGEST, JOBS, MAIL, INDEXER, PLAYOUT)


def deployed(config: Config) -> tuple[Function, ...]:
    return ALL if config.search else tuple(one for one in ALL if one is not INDEXER)


# Which functions read what infra/config.py may set.
READERS: dict[str, tuple[str, ...]] = {
    "LOG_LEVEL": tuple(function.name for function in ALL),
    "JWT_EXPIRES_IN": ("auth",),
    "REFRESH_EXPIRES_IN": ("auth",),
    "BCRYPT_ROUNDS": ("auth",),
    "FRONTEND_BASE_URL": ("mail",),
    "ELASTICSEARCH_USERNAME": ("search", "indexer", "system"),
}


def settings(config: Config, function: Function) -> dict[str, str]:
    """What infra/config.py sets for this function. Raises ValueError for what none may be given."""
    if unread := sorted(config.settings.keys() - READERS.keys()):
        raise ValueError(
            f"infra/config.py sets {', '.join(unread)}: no function reads that, or a secret or "
            "the infrastructure says it. It may set " + ", ".join(READERS)
        )
    return {n: value for n, value in config.settings.items() if function.name in READERS[n]}


# A schedule's name is its job's name.
SCHEDULES = {
    "check-objects": "rate(1 day)",
    "clean-up": "rate(1 hour)",
    "playlist-covers": "rate(1 hour)",
    "reconcile-uploads": "rate(5 minutes)",
}
# What wakes the indexer for changes that nothing else told it of.
SEARCH_SCHEDULES = {"index-changes": "rate(1 minute)"}


# Of `playout`. Not a rate, which would begin anywhere within a minute: entries begin at whole ones.
FOLLOW_PLAN = {"follow-plan": "cron(* * * * ? *)"}


def schedules(config: Config) -> dict[str, str]:
    found = {**SCHEDULES, "empty-trash": config.trash_every}
    return found | SEARCH_SCHEDULES if config.search else found
