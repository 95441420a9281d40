"""The bucket, its notifications and what the CDN may show of it."""

from tests.infra.assembly import Assembly, Resource, listed
from tests.infra.test_iam import media_bucket


def statements_on(assembly: Assembly, bucket: Resource) -> list[dict[str, object]]:
    [policy] = [
        policy
        for policy in assembly.of_type("AWS::S3::BucketPolicy")
        if assembly.target(policy.properties["Bucket"]) == bucket
    ]
    return list(policy.properties["PolicyDocument"]["Statement"])


def test_no_bucket_can_be_made_public(assembly: Assembly) -> None:
    for bucket in assembly.of_type("AWS::S3::Bucket"):
        block = bucket.properties["PublicAccessBlockConfiguration"]
        assert len(block) == 4, bucket
        assert all(block.values()), bucket


def test_every_bucket_is_encrypted_and_refuses_plain_http(assembly: Assembly) -> None:
    for bucket in assembly.of_type("AWS::S3::Bucket"):
        assert "BucketEncryption" in bucket.properties, bucket
        plain = [
            statement
            for statement in statements_on(assembly, bucket)
            if statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        ]
        assert [(s["Effect"], s["Action"]) for s in plain] == [("Deny", "s3:*")], bucket


def test_media_survives_the_deletion_of_its_stack(assembly: Assembly) -> None:
    assert media_bucket(assembly).body["DeletionPolicy"] == "Retain"


def test_uploads_and_nothing_else_are_announced_to_the_ingest_queue(assembly: Assembly) -> None:
    bucket = media_bucket(assembly)
    [told] = bucket.properties["NotificationConfiguration"]["QueueConfigurations"]
    queue = assembly.target(told["Queue"])

    assert queue
    assert queue.id.startswith("IngestQueue")
    assert told["Event"] == "s3:ObjectCreated:*"
    assert told["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "uploads/"}]


def test_the_queue_lets_this_bucket_in_before_the_bucket_speaks(assembly: Assembly) -> None:
    bucket = media_bucket(assembly)
    [policy] = [assembly.resources[name] for name in listed(bucket.body["DependsOn"])]
    [statement] = [
        statement
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": "s3.amazonaws.com"}
    ]
    source = statement["Condition"]["ArnEquals"]["aws:SourceArn"]

    assert statement["Action"] == "sqs:SendMessage"
    assert assembly.text(source).endswith(f":::{assembly.text(bucket.properties['BucketName'])}")


def test_the_cdn_reads_only_what_is_delivered(assembly: Assembly) -> None:
    bucket = media_bucket(assembly)
    [statement] = [s for s in statements_on(assembly, bucket) if s["Effect"] == "Allow"]
    patterns = [assembly.text(resource) for resource in listed(statement["Resource"])]

    assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert statement["Action"] == "s3:GetObject"
    assert patterns == [f"<{bucket.id}>/audio/*", f"<{bucket.id}>/images/*"]


def test_everything_but_artwork_needs_a_signature(assembly: Assembly) -> None:
    [distribution] = assembly.of_type("AWS::CloudFront::Distribution")
    config = distribution.properties["DistributionConfig"]
    [public] = config["CacheBehaviors"]

    assert len(config["DefaultCacheBehavior"]["TrustedKeyGroups"]) == 1
    assert public["PathPattern"] == "/images/*"
    assert "TrustedKeyGroups" not in public
    for behaviour in (public, config["DefaultCacheBehavior"]):
        assert behaviour["ViewerProtocolPolicy"] == "https-only"


def test_urls_are_signed_with_a_key_that_the_cdn_trusts(assembly: Assembly) -> None:
    variables = assembly.functions()["music"].properties["Environment"]["Variables"]
    [group] = assembly.of_type("AWS::CloudFront::KeyGroup")
    trusted = [assembly.target(key) for key in group.properties["KeyGroupConfig"]["Items"]]

    assert assembly.target(variables["CDN_KEY_ID"]) == trusted[0]


def test_artwork_is_kept_for_a_year(assembly: Assembly) -> None:
    [policy] = assembly.of_type("AWS::CloudFront::ResponseHeadersPolicy")
    config = policy.properties["ResponseHeadersPolicyConfig"]
    [header] = config["CustomHeadersConfig"]["Items"]

    assert header["Header"] == "Cache-Control"
    assert "max-age=31536000" in header["Value"]
