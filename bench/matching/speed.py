"""How long 10,000 rows take, into a library of the catalogue and out of it again."""

import json
import os
import random
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from bench.catalogue import Catalogue, CatalogueTrack
from bench.load import fill
from bench.matching.score import Judge
from bench.search_quality.engines import ADDRESSES
from djamms.db.migrate import upgrade
from djamms.db.session import create_database_engine
from djamms.exchange.exporting import export_playlist
from djamms.exchange.finding import find_matches
from djamms.exchange.importing import import_playlist
from djamms.exchange.kinds import Format
from djamms.models.track import Track
from djamms.models.user import Role, User
from djamms.security.principal import Principal
from local.services.postgres import scratch_server

ROWS, TIMES = 10_000, 5


def measure(tracks: int) -> dict[str, float]:
    """Seconds: the import once, the median of each export."""
    catalogue = list(Catalogue().tracks(tracks))
    with filled(catalogue) as session:
        caller = _caller(session)
        text = json.dumps(list(_rows(catalogue))).encode()
        began = perf_counter()
        made = import_playlist(
            session,
            principal=caller,
            data=text,
            filename="",
            format_=Format.JSON,
            name="Long",
            is_public=False,
        )
        session.commit()
        found = {"import": perf_counter() - began, "matched": float(made.report.matched)}
        playlist_id = UUID(made.playlist.id)
        for format_ in Format:
            found[f"export {format_}"] = _median(
                lambda format_=format_: export_playlist(  # type: ignore[misc]
                    session, principal=caller, playlist_id=playlist_id, format_=format_
                )
            )
    return found


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return statistics.median(times)


@contextmanager
def filled(catalogue: list[CatalogueTrack]) -> Iterator[Session]:
    os.environ |= ADDRESSES
    with scratch_server() as server:
        engine = create_database_engine(server.url)
        upgrade(engine)
        if catalogue:
            fill(server.url, catalogue)
        with Session(engine) as session:
            yield session
        engine.dispose()


@contextmanager
def through_the_database() -> Iterator[Judge]:
    """With candidates as an import finds them."""
    from bench.matching.labelled import library

    with filled([]) as session:
        for one in library():
            session.add(
                Track(
                    id=UUID(int=one.number),
                    title=one.title,
                    artist=one.artist,
                    album=one.album,
                    duration_seconds=one.seconds,
                    isrc=one.isrc,
                    object_key=str(one.number),
                    content_type="audio/mpeg",
                )
            )
        session.flush()
        yield lambda row: find_matches(session, [row])[0]


def _caller(session: Session) -> Principal:
    user = User(
        id=uuid4(), username="bench", email="bench@example.test", password_hash="", role=Role.USER
    )
    session.add(user)
    session.flush()
    return Principal(user_id=user.id, role=Role.USER, session_id=uuid4())


def _rows(catalogue: list[CatalogueTrack]) -> Iterator[dict[str, object]]:
    """Of ten rows seven are as they should be; one is misspelt, one live, one of nobody here."""
    choose = random.Random(7)
    for number, track in enumerate(choose.choices(catalogue, k=ROWS)):
        title, artist = track.title, track.artist
        match number % 10:
            case 0:
                title = f"{title[:3]}{title[4:]}"
            case 1:
                title = f"{title} (Live at Home)"
            case 2:
                title, artist = f"{title} {number}", "Nobody Here"
        yield {"title": title, "artist": artist, "duration": track.duration_seconds}
