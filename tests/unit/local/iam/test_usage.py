"""Which grants were used."""

from pathlib import Path

from local.iam.policy import Principal, Request, Role, Statement
from local.iam.usage import UsageLog, read, unused

STATEMENTS = (
    Statement("Allow", ("s3:GetObject", "s3:DeleteObject"), ("arn:aws:s3:::b/uploads/*",)),
    Statement("Allow", ("logs:PutLogEvents",), ("*",)),
)
ROLE = Role("arn:aws:iam::1:role/r", STATEMENTS)
PRINCIPAL = Principal("ingest", ROLE, "eu-central-1", "1")


def test_finds_the_grant_that_nobody_used(tmp_path: Path) -> None:
    log = UsageLog(tmp_path / "usage.jsonl")
    for key in ("1", "2"):
        log.record(PRINCIPAL, Request("s3:GetObject", f"arn:aws:s3:::b/uploads/{key}"))

    seen = read(log.path)

    assert seen == {("ingest", "s3:GetObject", "arn:aws:s3:::b/uploads/*")}
    assert unused([("ingest", ROLE)], seen) == [
        "ingest may s3:DeleteObject on arn:aws:s3:::b/uploads/*, and nothing ever used it"
    ]


def test_writes_a_grant_once(tmp_path: Path) -> None:
    log = UsageLog(tmp_path / "usage.jsonl")

    for _ in range(3):
        log.record(PRINCIPAL, Request("s3:GetObject", "arn:aws:s3:::b/uploads/1"))

    assert len(log.path.read_text().splitlines()) == 1


def test_reads_nothing_from_no_file(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == set()
