"""EventBridge Scheduler schedules that call functions."""

from collections.abc import Iterator, Mapping

from local.assembly.errors import AssemblyError
from local.assembly.functions import by_arn
from local.assembly.intrinsics import Resolver
from local.assembly.model import Function, Queue, Schedule
from local.assembly.names import attribute
from local.assembly.policies import role
from local.assembly.source import Resource
from local.iam.policy import Role

# What EventBridge Scheduler does when the template says nothing.
_ATTEMPTS, _AGE_SECONDS = 185, 86_400


def schedules(
    resolver: Resolver,
    functions: Mapping[str, Function],
    roles: Mapping[str, Role],
    queues: Mapping[str, Queue],
) -> Iterator[Schedule]:
    for resource in resolver.source.of_type("AWS::Scheduler::Schedule"):
        schedule = _schedule(resource, resolver, functions, roles)
        if schedule.dead_letter_arn is not None and schedule.dead_letter_arn not in queues:
            raise AssemblyError(
                f"Schedule {schedule.name} has the dead-letter queue {schedule.dead_letter_arn}, "
                "which the assembly does not define."
            )
        yield schedule


def _schedule(
    resource: Resource,
    resolver: Resolver,
    functions: Mapping[str, Function],
    roles: Mapping[str, Role],
) -> Schedule:
    target = resolver.of(resource, "Target")
    retry = target.get("RetryPolicy", {})
    name = attribute(resource, "Ref", resolver.place)
    return Schedule(
        name=name,
        expression=resolver.of(resource, "ScheduleExpression"),
        timezone=resolver.of(resource, "ScheduleExpressionTimezone", "UTC"),
        enabled=resolver.of(resource, "State", "ENABLED") == "ENABLED",
        function=by_arn(functions, target["Arn"], resource.label).name,
        input=target.get("Input", "{}"),
        role=role(roles, target["RoleArn"], f"Schedule {name}"),
        dead_letter_arn=target.get("DeadLetterConfig", {}).get("Arn"),
        max_attempts=int(retry.get("MaximumRetryAttempts", _ATTEMPTS)),
        max_age_seconds=int(retry.get("MaximumEventAgeInSeconds", _AGE_SECONDS)),
    )
