"""CloudFront over the media bucket: artwork is public and kept for a year, all else is signed."""

import hashlib

from aws_cdk import Aws, CfnOutput, Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.config import Config, Domain
from infra.constructs.media_bucket import DELIVERED, MediaBucket
from infra.nag import acknowledge

PUBLIC = "/images/*"
TLS = cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021
ARTWORK_AGE = "public, max-age=31536000, immutable"


class Cdn(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: Config,
        media: MediaBucket,
    ) -> None:
        super().__init__(scope, construct_id)
        keys = [self._public_key(pem) for pem in config.cdn_public_keys]
        self.signing_key = keys[0]
        signed = cloudfront.KeyGroup(self, "KeyGroup", items=list(keys))
        origin = self._origin(media.bucket)
        domain = config.cdn_domain
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"{config.prefix} media",
            default_behavior=self._behaviour(origin, key_groups=[signed]),
            additional_behaviors={PUBLIC: self._behaviour(origin, headers=self._artwork())},
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=TLS if domain else None,
            price_class=cloudfront.PriceClass.PRICE_CLASS_ALL,
            log_bucket=media.logs,
            log_file_prefix="cdn/",
            domain_names=[domain.name] if domain else None,
            certificate=self._certificate(domain) if domain else None,
        )
        self._allow(media.bucket)
        self._acknowledge(domain)
        CfnOutput(self, "AliasTarget", value=self.distribution.distribution_domain_name)
        self.base_url = (
            f"https://{domain.name if domain else self.distribution.distribution_domain_name}"
        )

    def _public_key(self, pem: str) -> cloudfront.PublicKey:
        # CloudFront refuses to change a key, so another key has to be another resource.
        name = f"PublicKey{hashlib.sha256(pem.encode()).hexdigest()[:8]}"
        return cloudfront.PublicKey(self, name, encoded_key=pem, comment="Signs media URLs")

    def _origin(self, bucket: s3.Bucket) -> cloudfront.IOrigin:
        # Given the bucket itself, the construct would open all of it to the distribution.
        name = s3.Bucket.from_bucket_attributes(
            self,
            "Media",
            bucket_arn=bucket.bucket_arn,
            bucket_regional_domain_name=bucket.bucket_regional_domain_name,
        )
        return origins.S3BucketOrigin.with_origin_access_control(name)

    def _behaviour(
        self,
        origin: cloudfront.IOrigin,
        *,
        key_groups: list[cloudfront.IKeyGroup] | None = None,
        headers: cloudfront.ResponseHeadersPolicy | None = None,
    ) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origin,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            response_headers_policy=headers
            or cloudfront.ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS,
            trusted_key_groups=key_groups,
            # Audio does not shrink, and compression would cost it its ranges.
            compress=False,
        )

    def _artwork(self) -> cloudfront.ResponseHeadersPolicy:
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Artwork",
            cors_behavior=cloudfront.ResponseHeadersCorsBehavior(
                access_control_allow_credentials=False,
                access_control_allow_headers=["*"],
                access_control_allow_methods=["GET", "HEAD", "OPTIONS"],
                access_control_allow_origins=["*"],
                access_control_max_age=Duration.hours(2),
                origin_override=True,
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(
                        header="Cache-Control", value=ARTWORK_AGE, override=True
                    )
                ]
            ),
        )

    def _certificate(self, domain: Domain) -> acm.ICertificate:
        return acm.Certificate.from_certificate_arn(self, "Certificate", domain.certificate_arn)

    def _allow(self, bucket: s3.Bucket) -> None:
        """Only what is delivered: raw uploads and the trash are out of CloudFront's reach."""
        arn = f"arn:{Aws.PARTITION}:cloudfront::{Aws.ACCOUNT_ID}:distribution/"
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
                actions=["s3:GetObject"],
                resources=[bucket.arn_for_objects(prefix) for prefix in DELIVERED],
                conditions={
                    "StringEquals": {"AWS:SourceArn": arn + self.distribution.distribution_id}
                },
            )
        )

    def _acknowledge(self, domain: Domain | None) -> None:
        reasons = {
            "@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac": "`_allow` writes the "
            "bucket's policy.",
            "AwsSolutions-CFR1": "Venues are anywhere: no country is shut out.",
            "AwsSolutions-CFR2": "It serves static objects by GET; what is not artwork needs a "
            "signature, which CloudFront checks itself.",
        }
        if domain is None:
            reasons["AwsSolutions-CFR4"] = (
                "Without a domain of its own it has CloudFront's certificate, whose oldest TLS "
                "version cannot be chosen."
            )
        acknowledge(self.distribution, reasons)
