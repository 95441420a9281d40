"""Requests at the same time do not wait for each other in a circle: on committed rows."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from djamms import clock
from djamms.auth import account_repository, erasing, profile, resets, throttle
from djamms.auth.reset_mails import LIFETIME, hash_token
from djamms.auth.users import Act
from djamms.config import config
from djamms.errors import InvalidResetToken
from djamms.models.audit import AuditEvent
from djamms.models.playlist import Playlist
from djamms.models.user import Role, User
from djamms.playlists import access_repository, repository
from djamms.security.principal import Principal
from tests.support.factories import PASSWORD, make_playlist, make_track, make_user

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture
def accounts(engine: Engine) -> Iterator[tuple[UUID, UUID]]:
    """An administrator, and someone who has a public playlist; other ones for each test."""
    with Session(engine) as session, session.begin():
        made = session.scalar(select(func.count()).select_from(User))
        admin, user = (
            make_user(session, f"locks{made}{role}", role).id for role in (Role.ADMIN, Role.USER)
        )
        make_playlist(session, user, is_public=True)
        make_track(session)
    yield admin, user
    with Session(engine) as session, session.begin():
        session.delete(session.get_one(User, admin))


@contextmanager
def until_it_waits(engine: Engine, call: Callable[[Session], object]) -> Iterator[Future[None]]:
    """The body runs while `call`, in a transaction of its own, waits for a lock."""

    def run() -> None:
        with Session(engine) as session, session.begin():
            call(session)

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        with Session(engine) as watching:
            while not watching.scalar(text(WAITING)):
                watching.rollback()
                assert not future.done(), future.exception()
        yield future


def send_link(engine: Engine, user: UUID) -> None:
    with Session(engine) as session, session.begin():
        account_repository.save_reset(
            session,
            reset_id=user,
            user_id=user,
            token_hash=hash_token(str(user), config.jwt_secret),
            expires_at=clock.now() + LIFETIME,
        )


def confirm(session: Session, user: UUID) -> None:
    resets.confirm(session, token=str(user), password="four green kettles", source_ip=None)


def test_an_edit_and_the_deletion_of_whoever_edits(
    engine: Engine, accounts: tuple[UUID, UUID]
) -> None:
    admin, user = accounts
    act = Act(Principal(admin, Role.ADMIN), source_ip=None)

    def remove(session: Session) -> None:
        erasing.delete_account(session, act, user_id=user, heir=None, at_once=False)

    with Session(engine) as session, session.begin():
        playlist_id, track_id = session.execute(
            text("SELECT p.id, t.id FROM playlists p, tracks t WHERE p.owner_id = :user LIMIT 1"),
            {"user": user},
        ).one()
        may = access_repository.editable_by(Principal(user, Role.USER))
        assert repository.lock_playlist(session, playlist_id=playlist_id, allowed=may)
        with until_it_waits(engine, remove) as removed:
            repository.insert_entries(
                session,
                playlist_id=playlist_id,
                track_ids=[track_id],
                order_keys=[1],
                added_by=user,
            )
            session.commit()
            removed.result()

    with Session(engine) as session:
        assert session.get_one(Playlist, playlist_id).owner_id is None


def test_a_new_password_by_mail_and_a_new_profile(
    engine: Engine, accounts: tuple[UUID, UUID]
) -> None:
    _, user = accounts
    send_link(engine, user)

    with Session(engine) as session, session.begin():
        # As the profile does: the account first.
        session.execute(
            text("SELECT 1 FROM users WHERE id = :user FOR NO KEY UPDATE"), {"user": user}
        )
        with until_it_waits(engine, partial(confirm, user=user)) as confirmed:
            profile.update_profile(
                session,
                principal=Principal(user, Role.USER),
                changes={"password": "five green kettles"},
                current_password=PASSWORD,
                source_ip=None,
            )
            session.commit()
            with pytest.raises(InvalidResetToken):
                confirmed.result()


def test_a_new_password_by_mail_does_not_wait_for_an_attempt_to_sign_in(
    engine: Engine, accounts: tuple[UUID, UUID]
) -> None:
    _, user = accounts
    send_link(engine, user)
    with Session(engine) as attempting, Session(engine) as confirming:
        name = attempting.get_one(User, user).username
        throttle.begin(attempting, login=name, user_id=user, address=None)
        attempting.commit()
        throttle.begin(attempting, login=name, user_id=user, address=None)

        confirming.execute(text("SET LOCAL lock_timeout = '1s'"))
        confirm(confirming, user)
        confirming.commit()

    with Session(engine) as session:
        assert session.scalars(
            select(AuditEvent.event).where(AuditEvent.user_id == user)
        ).all() == ["password.reset"]
