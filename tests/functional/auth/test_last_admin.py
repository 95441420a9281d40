"""Requests at the same time do not take the last administrator away: on committed rows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from djamms.auth import erasing, users
from djamms.auth.users import Act
from djamms.errors import Conflict
from djamms.models.user import Role, User
from djamms.security.principal import Principal
from tests.support.factories import make_user

ROUNDS = 5


@pytest.fixture
def admins(engine: Engine) -> list[UUID]:
    with Session(engine) as session, session.begin():
        session.execute(delete(User))
        return [make_user(session, f"admin{n}", Role.ADMIN).id for n in range(4)]


def demote(session: Session, act: Act, user_id: UUID) -> None:
    users.change_account(session, act, user_id=user_id, changes={"role": Role.USER})


def deactivate(session: Session, act: Act, user_id: UUID) -> None:
    users.change_account(session, act, user_id=user_id, changes={"is_active": False})


def remove(session: Session, act: Act, user_id: UUID) -> None:
    erasing.delete_account(session, act, user_id=user_id, heir=None, at_once=False)


def erase(session: Session, act: Act, user_id: UUID) -> None:
    erasing.delete_account(session, act, user_id=user_id, heir=None, at_once=True)


@pytest.mark.parametrize("_round", range(ROUNDS))
@pytest.mark.parametrize(
    "acts",
    [[demote] * 4, [deactivate] * 4, [erase] * 4, [demote, deactivate, remove, erase]],
    ids=["demote", "deactivate", "erase", "all ways"],
)
def test_one_administrator_is_left(
    engine: Engine, admins: list[UUID], acts: list[Callable[..., None]], _round: int
) -> None:
    start = Barrier(len(acts))

    def attempt(number: int) -> bool:
        act = Act(Principal(admins[number - 1], Role.ADMIN), source_ip=None)
        start.wait()
        try:
            with Session(engine) as session, session.begin():
                acts[number](session, act, admins[number])
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        succeeded = list(pool.map(attempt, range(len(acts))))

    assert sorted(succeeded) == [False, True, True, True]
    with Session(engine) as session:
        left = select(func.count()).where(User.role == Role.ADMIN, User.is_active)
        assert session.scalar(left) == 1
