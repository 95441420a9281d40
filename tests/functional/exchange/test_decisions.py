"""Who sees a report, and decides on what."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from djamms.exchange import service
from djamms.models.track import Track
from djamms.models.user import Role, User
from djamms.security.principal import Principal
from tests.functional.exchange.test_import import library, report, send
from tests.support.api import Client, Reply
from tests.support.factories import make_track

__all__ = ["library"]


@pytest.mark.parametrize("by", ["version", "tag"])
def test_a_decision_on_what_is_no_longer_so_is_refused(
    as_user: Client, library: dict[str, str], by: str
) -> None:
    made = send(as_user)["playlist"]["id"]
    url = f"/api/playlists/{made}"
    accept = {"decision": "accept", "trackId": library["lazy"]}
    first, second = ({"rowId": row["id"], **accept} for row in report(as_user, made)["rows"][1:3])
    said = {"If-Match": as_user.get(url).headers["etag"]} if by == "tag" else {}
    body: dict[str, Any] = {"version": 2} if by == "version" else {}

    def decide_on(decision: dict[str, Any]) -> Reply:
        sent = {"decisions": [decision], **body}
        return as_user.send("POST", f"{url}/import-report/decisions", body=sent, headers=said)

    done, refused = decide_on(first), decide_on(second)

    assert (done.status, done.headers["etag"]) == (200, as_user.get(url).headers["etag"])
    assert (refused.status, refused.json()["details"][0]["version"]) == (409, 3)
    assert len(refused.json()["details"][0]["entryIds"]) == 3
    assert report(as_user, made)["rows"][2]["state"] == "doubtful"


def test_the_report_names_no_track_that_its_reader_cannot_see(
    session: Session, as_user: Client, user: User
) -> None:
    track = make_track(session, "Blue Train")
    made = send(as_user)["playlist"]["id"]
    session.execute(update(Track).where(Track.id == track.id).values(is_public=False))
    guest = Principal(user.id, Role.GUEST)

    seen = service.report(
        session, principal=guest, playlist_id=UUID(made), state=None, page=1, limit=10
    )

    assert not [row for row in seen.rows if row.track or row.candidates]
    assert report(as_user, made)["rows"][0]["track"]["id"] == str(track.id)
