"""Reads an assembly into one frozen value, or says in one sentence why it cannot run here."""

from pathlib import Path

from local.assembly.api import apis
from local.assembly.buckets import buckets
from local.assembly.buses import event_buses
from local.assembly.cdn import distributions
from local.assembly.checks import check_secrets, check_sources
from local.assembly.functions import functions
from local.assembly.intrinsics import Resolver
from local.assembly.kinds import check_references, check_types
from local.assembly.model import Assembly
from local.assembly.names import Local, Place
from local.assembly.policies import roles
from local.assembly.queues import event_sources, queues
from local.assembly.schedules import schedules
from local.assembly.search import search_domains
from local.assembly.secrets import secrets
from local.assembly.source import Source

_REGION, _ACCOUNT = "eu-central-1", "000000000000"


def load_assembly(directory: Path, local: Local) -> Assembly:
    source = Source(directory)
    ignored = check_types(source)
    check_references(source)
    account, region = source.environment()
    place = Place(
        local.region or region or _REGION,
        local.account or account or _ACCOUNT,
        local.emulator_url.rstrip("/"),
    )
    resolver = Resolver(source, place)
    found_roles, found_queues = roles(resolver), queues(resolver)
    found_functions = functions(resolver, found_roles, local.overrides)
    found_buckets, found_secrets = buckets(resolver, found_queues), secrets(resolver)
    check_secrets(found_functions.values(), found_secrets)
    if local.root is not None:
        check_sources(found_functions.values(), local.root)
    return Assembly(
        directory=directory,
        region=place.region,
        account=place.account,
        functions=found_functions,
        apis=apis(resolver, found_functions),
        queues=found_queues,
        event_sources=tuple(event_sources(resolver, found_queues, found_functions)),
        buckets=found_buckets,
        schedules=tuple(schedules(resolver, found_functions, found_roles, found_queues)),
        secrets=found_secrets,
        distributions=tuple(distributions(resolver, found_buckets)),
        ignored=ignored,
        search_domains=tuple(search_domains(resolver)),
        event_buses=tuple(event_buses(resolver)),
    )
