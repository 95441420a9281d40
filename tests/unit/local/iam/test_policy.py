"""Evaluation of policy statements."""

import pytest

from local.iam.policy import (
    PolicyError,
    Principal,
    Request,
    Role,
    Statement,
    decide,
    dump,
    parse,
)

OBJECT = "arn:aws:s3:::media/uploads/1"
GET = Request("s3:GetObject", OBJECT)


def allow(*actions: str, on: str = "*", **more: object) -> Statement:
    return Statement("Allow", actions, (on,), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        (allow("s3:GetObject", on="arn:aws:s3:::media/uploads/*"), "Allow"),
        (allow("s3:getobject"), "Allow"),
        (allow("s3:Get*"), "Allow"),
        (allow("s3:GetObjec?"), "Allow"),
        (allow("*"), "Allow"),
        (allow("s3:PutObject"), "None"),
        (allow("s3:GetObject", on="arn:aws:s3:::media/audio/*"), "None"),
        (allow("s3:GetObject", on="arn:aws:s3:::media"), "None"),
        (Statement("Allow", not_actions=("s3:PutObject",), resources=("*",)), "Allow"),
        (Statement("Allow", not_actions=("s3:*",), resources=("*",)), "None"),
        (Statement("Allow", ("s3:*",), not_resources=(OBJECT,)), "None"),
    ],
)
def test_statement(statement: Statement, verdict: str) -> None:
    assert decide([statement], GET) == verdict


def test_an_explicit_deny_wins() -> None:
    deny = Statement("Deny", ("s3:GetObject",), (OBJECT,))

    assert decide([allow("*"), deny], GET) == "Deny"


@pytest.mark.parametrize(
    ("prefix", "verdict"), [("uploads/", "Allow"), ("audio/", "None"), (None, "None")]
)
def test_a_condition_on_the_prefix(prefix: str | None, verdict: str) -> None:
    condition = {"StringLike": {"s3:prefix": ("uploads/*",)}}
    context = {} if prefix is None else {"s3:prefix": prefix}
    request = Request("s3:ListBucket", "arn:aws:s3:::media", context)

    assert decide([allow("s3:ListBucket", conditions=condition)], request) == verdict


def test_a_condition_that_may_be_absent() -> None:
    condition = {"StringEqualsIfExists": {"s3:prefix": ("uploads/",)}}

    assert decide([allow("*", conditions=condition)], GET) == "Allow"


@pytest.mark.parametrize(
    "condition",
    [{"IpAddress": {"aws:SourceIp": ("10.0.0.0/8",)}}, {"StringEquals": {"aws:odd": ("x",)}}],
)
def test_a_condition_that_is_not_evaluated_is_an_error(
    condition: dict[str, dict[str, tuple[str, ...]]],
) -> None:
    with pytest.raises(PolicyError, match="is not evaluated locally"):
        decide([allow("*", conditions=condition)], GET)


def test_a_refusal_names_who_what_and_on_which() -> None:
    role = Role("arn:aws:iam::000000000000:role/ingest-role", ())
    principal = Principal("ingest", role, "eu-central-1", "000000000000")

    assert principal.refusal(GET) == (
        "User: arn:aws:sts::000000000000:assumed-role/ingest-role/ingest is not authorized to "
        f"perform: s3:GetObject on resource: {OBJECT} "
        "because no identity-based policy allows the s3:GetObject action"
    )


def test_survives_the_way_to_a_worker() -> None:
    condition = {"StringLike": {"s3:prefix": ("uploads/*",)}}
    role = Role("arn:aws:iam::1:role/r", (allow("s3:*", conditions=condition),), ("Basic",))

    assert parse(dump("ingest", role, "eu-central-1", "1")) == Principal(
        "ingest", role, "eu-central-1", "1"
    )
