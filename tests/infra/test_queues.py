"""Nothing asynchronous can fail without a trace: queues, schedules and their dead letters."""

import json

import pytest

from infra import functions
from infra.config import PROD
from tests.infra.assembly import Assembly, Resource

MAX_RECEIVES = 5


def mappings(assembly: Assembly) -> list[tuple[Resource, Resource, Resource]]:
    """(mapping, queue, function)"""
    found = []
    for mapping in assembly.of_type("AWS::Lambda::EventSourceMapping"):
        queue = assembly.target(mapping.properties["EventSourceArn"])
        consumer = invoked(assembly, mapping.properties["FunctionName"])
        assert queue
        found.append((mapping, queue, consumer))
    return found


def invoked(assembly: Assembly, value: object) -> Resource:
    """The function of a reference to it or to its alias."""
    text = json.dumps(value)
    for alias in assembly.of_type("AWS::Lambda::Alias"):
        if f'"{alias.id}"' in text:
            text = json.dumps(alias.properties["FunctionName"])
            break
    [function] = [f for f in assembly.functions().values() if f'"{f.id}"' in text]
    return function


def dead_letters(assembly: Assembly) -> list[Resource]:
    queues = assembly.of_type("AWS::SQS::Queue")
    return [queue for queue in queues if "DeadLetters" in queue.id]


def work_queues(assembly: Assembly) -> list[Resource]:
    ends = {queue.id for queue in dead_letters(assembly)}
    return [queue for queue in assembly.of_type("AWS::SQS::Queue") if queue.id not in ends]


def test_every_work_queue_gives_up_into_dead_letters(assembly: Assembly) -> None:
    ends = {queue.id for queue in dead_letters(assembly)}
    assert work_queues(assembly)
    for queue in work_queues(assembly):
        redrive = queue.properties["RedrivePolicy"]
        end = assembly.target(redrive["deadLetterTargetArn"])
        assert end, queue
        assert end.id in ends, queue
        assert redrive["maxReceiveCount"] == MAX_RECEIVES, queue


def test_every_work_queue_is_consumed(assembly: Assembly) -> None:
    consumed = {queue.id for _, queue, _ in mappings(assembly)}

    assert consumed == {queue.id for queue in work_queues(assembly)}


def test_dead_letters_are_kept_as_long_as_sqs_can(assembly: Assembly) -> None:
    for queue in dead_letters(assembly):
        assert queue.properties["MessageRetentionPeriod"] == 14 * 86400, queue


def test_the_first_dead_letter_rings_the_topic(assembly: Assembly) -> None:
    watched = {}
    for alarm in assembly.of_type("AWS::CloudWatch::Alarm"):
        for dimension in alarm.properties.get("Dimensions", []):
            if dimension["Name"] == "QueueName":
                queue = assembly.target(dimension["Value"])
                assert queue
                watched[queue.id] = alarm
    assert {queue.id for queue in dead_letters(assembly)} <= watched.keys()
    for queue in dead_letters(assembly):
        alarm = watched[queue.id]
        assert alarm.properties["Threshold"] == 1
        assert alarm.properties["MetricName"] == "ApproximateNumberOfMessagesVisible"


def test_every_alarm_rings_the_topic(assembly: Assembly) -> None:
    [topic] = assembly.of_type("AWS::SNS::Topic")
    for alarm in assembly.of_type("AWS::CloudWatch::Alarm"):
        assert [assembly.target(a) for a in alarm.properties["AlarmActions"]] == [topic], alarm


def test_alarms_may_publish_to_the_topic(assembly: Assembly) -> None:
    [policy] = assembly.of_type("AWS::SNS::TopicPolicy")
    allowed = [
        statement["Principal"]
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]

    assert allowed == [{"Service": "cloudwatch.amazonaws.com"}]


def test_a_message_stays_hidden_for_six_timeouts_of_its_function(assembly: Assembly) -> None:
    for _, queue, function in mappings(assembly):
        visibility = queue.properties["VisibilityTimeout"]
        assert visibility >= 6 * function.properties["Timeout"], queue


def test_a_batch_may_fail_in_part_and_cannot_take_all_concurrency(assembly: Assembly) -> None:
    for mapping, _, _ in mappings(assembly):
        properties = mapping.properties
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"], mapping
        assert properties["ScalingConfig"]["MaximumConcurrency"] >= 2, mapping


def test_a_consumer_may_take_from_its_queue(assembly: Assembly) -> None:
    for _, queue, function in mappings(assembly):
        statements = assembly.statements(assembly.role(function), platform=True)
        actions = {
            action
            for statement in statements
            if queue == assembly.target(statement["Resource"])
            for action in statement["Action"]
        }
        needed = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
        assert actions >= needed, function


def test_every_queue_refuses_plain_http(assembly: Assembly) -> None:
    protected = set()
    for policy in assembly.of_type("AWS::SQS::QueuePolicy"):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            if statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}:
                assert statement["Effect"] == "Deny"
                protected |= {assembly.text(queue) for queue in policy.properties["Queues"]}

    assert protected == {f"<{queue.id}>" for queue in assembly.of_type("AWS::SQS::Queue")}


def test_every_schedule_has_dead_letters_on_both_sides(assembly: Assembly) -> None:
    """The scheduler's for what it cannot deliver, the function's for what fails afterwards."""
    ends = {queue.id for queue in dead_letters(assembly)}
    for schedule in assembly.of_type("AWS::Scheduler::Schedule"):
        target = schedule.properties["Target"]
        function = invoked(assembly, target["Arn"])
        undelivered = assembly.target(target["DeadLetterConfig"]["Arn"])
        failed = assembly.target(function.properties["DeadLetterConfig"]["TargetArn"])
        assert undelivered, schedule
        assert failed, schedule
        assert {undelivered.id, failed.id} <= ends, schedule


@pytest.mark.parametrize("job", sorted(functions.schedules(PROD)))
def test_every_job_is_scheduled_in_a_named_zone(assembly: Assembly, job: str) -> None:
    expected = functions.schedules(assembly.config)
    found = [
        schedule.properties
        for schedule in assembly.of_type("AWS::Scheduler::Schedule")
        if json.loads(schedule.properties["Target"]["Input"])["job"] == job
    ]

    assert [one["ScheduleExpression"] for one in found] == (
        [expected[job]] if job in expected else []
    )
    assert {one["ScheduleExpressionTimezone"] for one in found} <= {"UTC"}
