"""Real PostgreSQL with the real migrations; one transaction per test, rolled back at its end."""

import asyncio
import os
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session, sessionmaker

from djamms.security.repository import forget_guest_access
from tests.support.opensearch import SearchNode, shared_node

PRIVATE_KEY = ec.generate_private_key(ec.SECP256R1())
PRIVATE_KEY_PEM = PRIVATE_KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
).decode()

# Handlers read their environment when they are imported, so it stands before any of them is.
os.environ |= {
    "DATABASE_URL": "postgresql://unused@127.0.0.1:1/unused",
    "JWT_SECRET": "a-signing-key-for-tests-that-is-long-enough-to-be-one",
    "CORS_ALLOWED_ORIGINS": "http://localhost:3000,http://localhost:4173,http://localhost:5173",
    "API_BASE_URL": "http://localhost:3001/api",
    "CDN_BASE_URL": "http://localhost:3001/media",
    "CDN_KEY_ID": "KTESTKEY",
    "CDN_PRIVATE_KEY": PRIVATE_KEY_PEM,
    "ADMIN_SECRET_ARN": "djamms/admin",
    "AWS_S3_BUCKET": "djamms-media-test",
    "INGEST_QUEUE_URL": "http://127.0.0.1:1/000000000000/ingest",
    "MAIL_FROM": "DJAMMS <no-reply@djamms.test>",
    "FRONTEND_BASE_URL": "https://front.test",
    "EVENT_BUS_NAME": "djamms-test",
    "MAIL_QUEUE_URL": "http://127.0.0.1:1/000000000000/mail",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "djamms",
}


@pytest.fixture(autouse=True)
def event_loop_of_mangum() -> Iterator[None]:
    """Mangum takes the thread's event loop and makes one where there is none; nobody closes it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture(scope="session")
def database() -> Iterator[Engine]:
    """An engine on a migrated, seeded database."""
    from djamms.db.migrate import upgrade
    from djamms.db.session import create_database_engine
    from djamms.system.seed import seed
    from local.services.postgres import scratch_server

    with scratch_server({"fsync": "off"}) as server:
        engine = create_database_engine(server.url)
        upgrade(engine)
        with Session(engine) as session:
            seed(session, admin={"email": "root@x.test", "username": "root", "password": "-"})
            session.commit()
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def search_node() -> SearchNode:
    """A real node, shared by all workers; fetched and started for the first who asks."""
    return shared_node()


@pytest.fixture
def connection(database: Engine) -> Iterator[Connection]:
    with database.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture
def session(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """The test's own session. Requests and records get sessions of their own on its connection,
    so that they cannot pass on objects that production would not have loaded."""
    factory = sessionmaker(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    )
    monkeypatch.setattr("djamms.db.session.session_factory", lambda: factory)
    # Requests order pictures from a queue that is not there.
    monkeypatch.setattr("djamms.playlists.cover_orders.send_order", lambda playlist_id: None)
    forget_guest_access()
    with factory() as session:
        yield session
    forget_guest_access()
