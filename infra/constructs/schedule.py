"""An EventBridge schedule that runs one job, and its dead letters."""

import json

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.constructs.queue import DeadLetters


class Schedules(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: lambda_.IFunction,
        dead_letters: DeadLetters,
    ) -> None:
        super().__init__(scope, construct_id)
        self._target = target
        self._dead_letters = dead_letters
        ours = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        scheduler_ = iam.ServicePrincipal("scheduler.amazonaws.com", conditions=ours)
        self._role = iam.Role(self, "Role", assumed_by=scheduler_)
        self._allow("lambda:InvokeFunction", target.function_arn)
        self._allow("sqs:SendMessage", dead_letters.queue.queue_arn)

    def run(self, job: str, expression: str, *, keep_seconds: int = 3600) -> None:
        """`keep_seconds`: for so long it is tried to be started."""
        scheduler.CfnSchedule(
            self,
            "".join(word.capitalize() for word in job.split("-")),
            description=f"Runs the job {job}",
            schedule_expression=expression,
            schedule_expression_timezone="UTC",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=self._target.function_arn,
                role_arn=self._role.role_arn,
                input=json.dumps({"job": job}),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=self._dead_letters.queue.queue_arn
                ),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=keep_seconds, maximum_retry_attempts=3
                ),
            ),
        )

    def _allow(self, action: str, resource: str) -> None:
        self._role.add_to_policy(iam.PolicyStatement(actions=[action], resources=[resource]))
