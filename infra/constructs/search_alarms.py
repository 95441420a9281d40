"""The alarms of the OpenSearch domain.

Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html
"""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_opensearchservice as opensearch
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config import SearchDomain as Size
from infra.constructs.alarms import measured, ring

FULL_SHARE = 0.75
BUSY_PERCENT = 80
PRESSED_PERCENT = 92
MB_PER_GB = 1024
LAG_SECONDS = 120


def watch(domain: opensearch.Domain, *, size: Size, replicated: bool, topic: sns.ITopic) -> None:
    """`replicated`: yellow means that a copy is missing, and not that there never is one."""
    one, quarter = Duration.minutes(1), Duration.minutes(15)
    alarms: dict[str, tuple[cloudwatch.IMetric, float, str]] = {
        "Red": (
            domain.metric_cluster_status_red(period=one),
            1,
            "Part of the index is gone: PostgreSQL searches until a reindex.",
        ),
        "WritesBlocked": (
            domain.metric_cluster_index_writes_blocked(period=Duration.minutes(5)),
            1,
            "OpenSearch takes no documents: its disk or its memory is full.",
        ),
        "DiskFull": (
            _used_mb(domain, size),
            FULL_SHARE * size.storage_gb * MB_PER_GB,
            "A node's disk is three quarters full; a reindex needs room for a second index.",
        ),
        "MemoryPressure": (
            domain.metric_jvm_memory_pressure(period=quarter, statistic="Minimum"),
            PRESSED_PERCENT,
            "A node's heap stays full after its collections.",
        ),
        "Busy": (
            domain.metric_cpu_utilization(period=quarter, statistic="Average"),
            BUSY_PERCENT,
            "The nodes have been busy for a quarter of an hour.",
        ),
        "NoSnapshot": (
            domain.metric_automated_snapshot_failure(period=one),
            1,
            "The hourly snapshot failed; a red index would have to be made again.",
        ),
    }
    if replicated:
        alarms["Yellow"] = (
            domain.metric_cluster_status_yellow(period=quarter, statistic="Minimum"),
            1,
            "Copies of the index have been missing for a quarter of an hour.",
        )
    for name, (metric, reaches, description) in alarms.items():
        ring(domain, name, when=metric, reaches=reaches, topic=topic, description=description)


def _used_mb(domain: opensearch.Domain, size: Size) -> cloudwatch.MathExpression:
    """Of the fullest node."""
    free = domain.metric_free_storage_space(period=Duration.minutes(5), statistic="Minimum")
    return cloudwatch.MathExpression(
        expression=f"{size.storage_gb * MB_PER_GB} - free",
        using_metrics={"free": free},
        period=Duration.minutes(5),
    )


def watch_indexing(scope: Construct, *, topic: sns.ITopic) -> None:
    """What the functions measure themselves."""
    ring(
        scope,
        "IndexLags",
        when=measured("SearchIndexLag", "jobs", Duration.minutes(5), "Minimum"),
        reaches=LAG_SECONDS,
        topic=topic,
        description="Changes have waited for five minutes to be found: OpenSearch does not take "
        "them, or the indexer fails.",
    )
    ring(
        scope,
        "DocumentsRefused",
        when=measured("SearchDocumentsRefused", "indexer", Duration.minutes(5), "Sum"),
        reaches=1,
        topic=topic,
        description="The mapping does not take a document, which is not found: the log says which.",
    )
