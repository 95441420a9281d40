"""cdk-nag: every finding is fixed, or acknowledged where it arises with a sentence that is true."""

from aws_cdk import Acknowledgment, App, Aws, Validations
from cdk_nag import AwsSolutionsChecks
from constructs import IConstruct


def check(app: App) -> None:
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))


def acknowledge(construct: IConstruct, reasons: dict[str, str]) -> None:
    """`reasons`: the exact id of a finding, such as `AwsSolutions-IAM5[Resource::*]` → why."""
    for finding, reason in reasons.items():
        Validations.of(construct).acknowledge(Acknowledgment(id=finding, reason=reason))


def finding_text(arn: str) -> str:
    """As cdk-nag writes an ARN that holds the account's number."""
    return arn.replace(Aws.ACCOUNT_ID, "<AWS::AccountId>")
