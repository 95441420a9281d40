import pytest
from sqlalchemy.orm import Session

from djamms.models.user import Role, User
from tests.support.api import Client
from tests.support.factories import make_user, sign_in


@pytest.fixture
def anonymous(session: Session) -> Client:
    return Client()


@pytest.fixture
def user(session: Session) -> User:
    return make_user(session)


@pytest.fixture
def as_user(session: Session, user: User) -> Client:
    return Client().as_(sign_in(session, user))


@pytest.fixture
def as_other(session: Session) -> Client:
    return Client().as_(sign_in(session, make_user(session, "grace")))


@pytest.fixture
def as_moderator(session: Session) -> Client:
    return Client().as_(sign_in(session, make_user(session, "mo", Role.MODERATOR)))


@pytest.fixture
def as_admin(session: Session) -> Client:
    return Client().as_(sign_in(session, make_user(session, "root2", Role.ADMIN)))
