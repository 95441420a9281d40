"""A deleted track: out of reach, brought back, and at last a tombstone."""

from datetime import UTC, datetime, timedelta

import boto3
import httpx
from sqlalchemy import create_engine, update

from djamms.models.track import Track
from local.assembly import Assembly
from tests.e2e.conftest import Person, numbered_flac
from tests.support.stack import LocalStack


def test_a_deleted_track_comes_back_until_the_trash_is_emptied(
    stack: LocalStack, dj: Person, admin: Person, assembly: Assembly
) -> None:
    use_the_trash(stack, dj, admin, assembly)


def use_the_trash(stack: LocalStack, dj: Person, admin: Person, assembly: Assembly) -> None:
    track = dj.settled(dj.upload(numbered_flac(4001), "trash.flac"))
    track_id, address = track["id"], dj.http.get(track["audioUrl"]).headers["location"]

    dj.ok("DELETE", f"/music/tracks/{track_id}")
    assert dj.http.get(f"/music/tracks/{track_id}").status_code == 404
    stack.job("empty-trash")
    assert httpx.get(address).status_code == 403
    assert httpx.get(track["thumbnail"]).status_code == 403

    lose(stack, assembly, f"trash/images/tracks/{track_id}/large_600x600.jpg")
    admin.ok("POST", f"/music/tracks/{track_id}/restore")
    assert httpx.get(address).status_code == 200
    assert httpx.get(track["thumbnail"]).status_code == 200

    dj.ok("DELETE", f"/music/tracks/{track_id}")
    stack.job("empty-trash")
    make_old(stack, track_id)
    assert stack.job("empty-trash")["erased"] == 1
    assert admin.http.post(f"/music/tracks/{track_id}/restore").status_code == 409


def lose(stack: LocalStack, assembly: Assembly, key: str) -> None:
    """An object that is gone, for whatever reason, stops nothing."""
    (bucket,) = (one.name for one in assembly.buckets.values() if one.notifications)
    client = boto3.client("s3", **stack.aws)
    client.delete_object(Bucket=bucket, Key=key)
    client.close()


def make_old(stack: LocalStack, track_id: str) -> None:
    engine = create_engine(stack.database_url)
    long_ago = datetime.now(UTC) - timedelta(days=31)
    with engine.begin() as connection:
        connection.execute(update(Track).where(Track.id == track_id).values(deleted_at=long_ago))
    engine.dispose()
