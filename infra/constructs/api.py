"""The REST API: one greedy route per domain, and no rule that the code has too."""

from aws_cdk import CfnOutput, Duration, Size, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config import Config, Domain
from infra.constructs.alarms import ring
from infra.constructs.gateway_responses import add_gateway_responses
from infra.constructs.logs import log_group
from infra.constructs.web_acl import WebAcl
from infra.nag import acknowledge

STAGE = "live"
COMPRESS_FROM_BYTES = 1024
REQUESTS_PER_SECOND = 200
BURST = 400
ALARMING_ERRORS = 5
LOG_WRITER = (
    "arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
)


class Api(Construct):
    def __init__(
        self, scope: Construct, construct_id: str, *, config: Config, alarms: sns.ITopic
    ) -> None:
        super().__init__(scope, construct_id)
        domain = config.api_domain
        self.api = apigateway.RestApi(
            self,
            "Rest",
            rest_api_name=config.prefix,
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            disable_execute_api_endpoint=domain is not None,
            min_compression_size=Size.bytes(COMPRESS_FROM_BYTES),
            # Everything else is text: only these bodies reach the function as base64.
            binary_media_types=["multipart/form-data"],
            cloud_watch_role=True,
            deploy_options=self._stage(config),
        )
        # Its output would be the stage's own address, which is not what clients use.
        self.api.node.try_remove_child("Endpoint")
        add_gateway_responses(self.api)
        if domain:
            self._own_domain(domain)
        self.base_url = f"https://{domain.name if domain else self._aws_name()}/api"
        self._protect(config)
        ring(
            self,
            "Failing",
            when=self.api.metric_server_error(period=Duration.minutes(5), statistic="Sum"),
            reaches=ALARMING_ERRORS,
            topic=alarms,
            description="The API answers with 5xx.",
        )

    def route(self, path: str, handler: lambda_.IFunction) -> None:
        """Every method, OPTIONS included: the function answers CORS itself."""
        resource = self.api.root.resource_for_path(path)
        integration = apigateway.LambdaIntegration(handler, scope_permission_to_method=False)
        resource.add_method("ANY", integration)

    def _stage(self, config: Config) -> apigateway.StageOptions:
        return apigateway.StageOptions(
            stage_name=STAGE,
            throttling_rate_limit=REQUESTS_PER_SECOND,
            throttling_burst_limit=BURST,
            metrics_enabled=True,
            tracing_enabled=True,
            logging_level=apigateway.MethodLoggingLevel.ERROR,
            access_log_destination=apigateway.LogGroupLogDestination(
                log_group(self, "AccessLogs", config=config)
            ),
            access_log_format=apigateway.AccessLogFormat.json_with_standard_fields(
                caller=False,
                http_method=True,
                ip=True,
                protocol=True,
                request_time=True,
                resource_path=True,
                response_length=True,
                status=True,
                user=False,
            ),
        )

    def _aws_name(self) -> str:
        region = Stack.of(self).region
        return f"{self.api.rest_api_id}.execute-api.{region}.amazonaws.com/{STAGE}"

    def _own_domain(self, domain: Domain) -> None:
        name = self.api.add_domain_name(
            "Domain",
            domain_name=domain.name,
            certificate=acm.Certificate.from_certificate_arn(
                self, "Certificate", domain.certificate_arn
            ),
            endpoint_type=apigateway.EndpointType.REGIONAL,
            security_policy=apigateway.SecurityPolicy.TLS_1_2,
        )
        CfnOutput(self, "AliasTarget", value=name.domain_name_alias_domain_name)

    def _protect(self, config: Config) -> None:
        reasons = {
            "AwsSolutions-APIG2": "Each function validates its requests with pydantic, which "
            "answers in the error shape of the API.",
            "AwsSolutions-APIG4": "Each function checks the token itself, because guests may "
            "read and a route's rights depend on the row.",
            "AwsSolutions-COG4": "Users and their tokens are the system's own, not Cognito's.",
            f"AwsSolutions-IAM4[Policy::{LOG_WRITER}]": "API Gateway writes the logs of a whole "
            "account by one role, for which AWS keeps this policy.",
        }
        if config.firewall:
            WebAcl(self, "Firewall", stage=self.api.deployment_stage)
        else:
            reasons["AwsSolutions-APIG3"] = (
                "Dev is throttled by its stage; it has no visitors worth a firewall's monthly fee."
            )
        acknowledge(self.api, reasons)
