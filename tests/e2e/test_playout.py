"""Playout on a real stack whose clock is moved: boundaries fire, a stop is heard at once, and what
an outage left out is made good."""

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.e2e.conftest import Person, eventually
from tests.support.stack import LocalStack

BUS = "djamms-dev"
# Into its minute the stack is started, so that it is ready before the minute ends.
BEGIN_SECOND = 40
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
AT_ONCE_SECONDS = 2.0
# A minute, if it is missed by a little, and what a tick takes.
LONGEST_SECONDS = 90


@dataclass
class Ears:
    """A queue behind a rule of the bus: whatever anybody tells there."""

    sqs: Any
    url: str
    heard: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def at(cls, stack: LocalStack) -> "Ears":
        sqs = boto3.client("sqs", **stack.aws)
        url = sqs.create_queue(QueueName="ears")["QueueUrl"]
        wanted = ["QueueArn"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"][
            "QueueArn"
        ]
        pattern = json.dumps({"source": ["djamms.scheduler"], "detail-type": ["PlayoutChanged"]})
        with closing(boto3.client("events", **stack.aws)) as events:
            events.put_rule(Name="ears", EventBusName=BUS, EventPattern=pattern)
            events.put_targets(Rule="ears", EventBusName=BUS, Targets=[{"Id": "1", "Arn": arn}])
        return cls(sqs, url)

    def listen(self) -> list[dict[str, Any]]:
        reply = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        for message in reply.get("Messages", []):
            self.heard.append(json.loads(message["Body"])["detail"])
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return self.heard

    def eventually(self, **wanted: Any) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            found = [one for one in self.listen() if wanted.items() <= one.items()]
            return found[-1] if found else None

        return eventually(look, seconds=LONGEST_SECONDS, otherwise=lambda: self.heard)


@dataclass
class Venue:
    stack: LocalStack
    ahead: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def start(self) -> None:
        self.stack.words = ("--clock-offset", str(round(self.ahead.total_seconds())))
        self.stack.start()

    def sql(self, statement: str, **parameters: Any) -> list[Any]:
        engine = create_engine(self.stack.database_url)
        with engine.begin() as connection:
            done = connection.execute(text(statement), parameters)
            found = list(done) if done.returns_rows else []
        engine.dispose()
        return found

    def plan(self, title: str, start: datetime) -> None:
        """An hour each day, of a playlist of the same name."""
        self.sql(
            "WITH made AS (INSERT INTO playlists (id, name) VALUES (gen_random_uuid(), :title)"
            " RETURNING id) INSERT INTO schedule_entries (id, title, playlist_id, selected_days,"
            " start_time, end_time) SELECT gen_random_uuid(), :title, id, ARRAY['monday',"
            " 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'], :start, :end"
            " FROM made",
            title=title,
            start=start.time(),
            end=(start + HOUR).time(),
        )

    def wake(self) -> None:
        with closing(boto3.client("sqs", **self.stack.aws)) as sqs:
            urls = sqs.list_queues()["QueueUrls"]
            [url] = [one for one in urls if "WakesQueue" in one]
            sqs.send_message(QueueUrl=url, MessageBody="{}")

    def recorded(self, since: datetime) -> list[tuple[datetime, str, bool]]:
        with self.administrator() as admin:
            found = admin.ok("GET", "/scheduler/history")
        played = [(datetime.fromisoformat(e["at"]), e["title"], e["missed"]) for e in found]
        return sorted(one for one in played if one[0] > since)

    @contextmanager
    def administrator(self) -> Iterator[Person]:
        account = self.stack.administrator
        with httpx.Client(base_url=self.stack.api, timeout=60) as http:
            person = Person(http, account["username"])
            words = {"login": account["email"], "password": account["password"]}
            token = person.ok("POST", "/auth/login", json=words)["token"]
            http.headers["Authorization"] = f"Bearer {token}"
            yield person


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    now = datetime.now(UTC)
    begins = now.replace(second=BEGIN_SECOND, microsecond=0) + 24 * HOUR
    venue = Venue(LocalStack(tmp_path_factory.mktemp("playout")), timedelta())
    venue.ahead = timedelta(seconds=round((begins - now).total_seconds()))
    venue.start()
    yield venue
    venue.stack.discard()


def test_a_boundary_fires_a_stop_is_heard_and_an_outage_is_made_good(venue: Venue) -> None:
    ears = Ears.at(venue.stack)
    with closing(ears.sqs):
        venue.wake()
        ears.eventually(entryId=None)
        # A few seconds are enough for the plan to be there in time.
        start = (venue.now() + timedelta(seconds=65)).replace(second=0, microsecond=0)
        venue.plan("Jazz", start)
        venue.plan("Soul", start + HOUR)
        boundary_fires(ears, start)
        stop_and_resume(venue, ears)
    outage(venue, start)


def boundary_fires(ears: Ears, start: datetime) -> None:
    found = ears.eventually(title="Jazz")

    assert found["at"] == start.strftime("%Y-%m-%dT%H:%M:00.000Z")
    assert found["until"] == (start + HOUR).strftime("%Y-%m-%dT%H:%M:00.000Z")
    assert (found["source"], found["missed"]) == ("entry", False)


def stop_and_resume(venue: Venue, ears: Ears) -> None:
    with venue.administrator() as admin:
        for path, source in (("stop", "stop"), ("resume", "entry")):
            seen = len(ears.listen())
            admin.ok("POST", f"/scheduler/{path}")
            assert seconds_until(ears, seen) < AT_ONCE_SECONDS
            assert [one["source"] for one in ears.heard[seen:]] == [source]


def seconds_until(ears: Ears, seen: int) -> float:
    """Until more has been heard."""
    began = time.monotonic()
    eventually(lambda: ears.listen()[seen:] or None)
    return time.monotonic() - began


def outage(venue: Venue, start: datetime) -> None:
    """Three hours, in which what plays has changed twice."""
    venue.stack.stop()
    stopped = venue.now()
    venue.ahead += 3 * HOUR
    venue.start()
    expected = [(start + HOUR, "Soul", True), (start + 2 * HOUR, "", True)]
    for _ in range(2):
        follow(venue)

        assert venue.recorded(stopped) == expected


def follow(venue: Venue) -> None:
    """Until now."""
    until = "SELECT followed_until FROM playout_zones"
    before = venue.sql(until)
    venue.wake()
    eventually(lambda: None if venue.sql(until) == before else True)
