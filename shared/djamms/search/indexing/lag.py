from sqlalchemy.orm import Session as Database

from djamms.observability import measure
from djamms.search.indexing import outbox_repository


def lag_seconds(database: Database) -> float:
    """For how long the oldest change waits that OpenSearch was not told of; 0 when there is none.
    Changes of rank wait up to a minute."""
    return outbox_repository.age_of_oldest(database).total_seconds()


def publish_lag(seconds: float) -> None:
    measure("SearchIndexLag", seconds, unit="Seconds", service="jobs")


def publish_refused(documents: int) -> None:
    measure("SearchDocumentsRefused", documents, unit="Count", service="indexer")
