"""Playout: started at every whole minute and by changes, and missed where it stays away."""

from tests.infra.assembly import Assembly, Resource
from tests.infra.test_queues import invoked, mappings


def alarm(assembly: Assembly, metric: str) -> dict[str, object]:
    alarms = assembly.of_type("AWS::CloudWatch::Alarm")
    [found] = [one for one in alarms if one.properties.get("MetricName") == metric]
    dimensions = [{"Name": "service", "Value": "playout"}]
    assert (found.properties["Namespace"], found.properties["Dimensions"]) == ("Djamms", dimensions)
    return found.properties


def schedules(assembly: Assembly) -> list[Resource]:
    return [
        one
        for one in assembly.of_type("AWS::Scheduler::Schedule")
        if invoked(assembly, one.properties["Target"]["Arn"]).metadata["djamms:function"]
        == "playout"
    ]


def test_it_is_started_at_each_whole_minute_and_not_for_one_that_is_over(
    assembly: Assembly,
) -> None:
    [schedule] = schedules(assembly)

    assert schedule.properties["ScheduleExpression"] == "cron(* * * * ? *)"
    assert schedule.properties["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule.properties["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] == 60


def test_the_queue_that_wakes_it_is_the_one_that_the_scheduler_is_told_of(
    assembly: Assembly,
) -> None:
    variables = assembly.functions()["scheduler"].properties["Environment"]["Variables"]
    playout = assembly.functions()["playout"]
    [read] = [queue for _, queue, function in mappings(assembly) if function == playout]

    assert assembly.target(variables["PLAYOUT_QUEUE_URL"]) == read


def test_it_tells_the_bus_of_its_environment(assembly: Assembly) -> None:
    [bus] = assembly.of_type("AWS::Events::EventBus")
    variables = assembly.functions()["playout"].properties["Environment"]["Variables"]

    assert bus.properties["Name"] == assembly.config.prefix
    assert assembly.target(variables["EVENT_BUS_NAME"]) == bus


def test_one_missed_boundary_rings(assembly: Assembly) -> None:
    missed = alarm(assembly, "PlayoutMissed")

    assert (missed["Statistic"], missed["Period"], missed["Threshold"]) == ("Sum", 60, 1)
    assert missed["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"


def test_silence_rings(assembly: Assembly) -> None:
    silent = alarm(assembly, "PlayoutTicked")

    assert (silent["Statistic"], silent["Period"], silent["Threshold"]) == ("Sum", 300, 1)
    assert silent["ComparisonOperator"] == "LessThanThreshold"
    assert silent["TreatMissingData"] == "breaching"
