"""The client, made once per process: its import takes a quarter of a second."""

from functools import cache
from typing import TYPE_CHECKING, Any

from djamms.config import config

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

# Of one request; who asks for a person has a shorter deadline of its own.
PATIENCE_SECONDS = 30


def is_configured() -> bool:
    return bool(config.search_url)


@cache
def client() -> "OpenSearch":
    """Raises opensearchpy.OpenSearchException from each call. Retries nothing: who searches has
    another engine, who indexes a queue."""
    from opensearchpy import OpenSearch  # see above

    from djamms.search.opensearch.connection import BoundedConnection

    return OpenSearch(
        config.search_url,
        http_auth=_authentication(),
        connection_class=BoundedConnection,
        http_compress=False,
        timeout=PATIENCE_SECONDS,
        max_retries=0,
        pool_maxsize=2,
    )


def _authentication() -> Any:
    """By name and password where there are any; on AWS by the function's role (SigV4)."""
    if config.search_username:
        return config.search_username, config.search_password
    from boto3 import Session  # see above
    from opensearchpy import Urllib3AWSV4SignerAuth

    session = Session()
    return Urllib3AWSV4SignerAuth(session.get_credentials(), session.region_name, "es")
