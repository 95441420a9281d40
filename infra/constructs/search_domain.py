"""OpenSearch: the domain, whom it answers, and its logs.

Without a password: each function's role says which requests it may send. What is in the domain
can be made again from the database: losing it costs a reindex, and no data.
"""

from aws_cdk import Aws, CfnResource
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_opensearchservice as opensearch
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config import Config
from infra.config import SearchDomain as Size
from infra.constructs.logs import log_group, removal_policy
from infra.constructs.network import Network
from infra.constructs.search_alarms import watch
from infra.functions import ALL
from infra.nag import acknowledge

VERSION = opensearch.EngineVersion.OPENSEARCH_3_7
ACTIONS = sorted({one.action for function in ALL for one in function.asks_search})


class SearchDomain(Construct):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: Config,
        size: Size,
        network: Network,
        alarms: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self._config, self._size = config, size
        # By a name, because the domain's own policy has to name it.
        self.arn = f"arn:aws:es:{config.region}:{Aws.ACCOUNT_ID}:domain/{config.prefix}"
        self.domain = self._domain(network)
        self.url = f"https://{self.domain.domain_endpoint}"
        self._answer_roles_of_the_account()
        self._acknowledge()
        watch(self.domain, size=size, replicated=size.data_nodes > 1, topic=alarms)

    def _domain(self, network: Network) -> opensearch.Domain:
        zones, isolated = self._size.zones, network.vpc.isolated_subnets
        return opensearch.Domain(
            self,
            "Domain",
            domain_name=self._config.prefix,
            version=VERSION,
            capacity=self._capacity(),
            ebs=opensearch.EbsOptions(
                volume_size=self._size.storage_gb, volume_type=ec2.EbsDeviceVolumeType.GP3
            ),
            zone_awareness=opensearch.ZoneAwarenessConfig(
                enabled=zones > 1, availability_zone_count=zones if zones > 1 else None
            ),
            vpc=network.vpc,
            vpc_subnets=[ec2.SubnetSelection(subnets=isolated[:zones])],
            security_groups=[network.search],
            encryption_at_rest=opensearch.EncryptionAtRestOptions(enabled=True),
            node_to_node_encryption=True,
            enforce_https=True,
            tls_security_policy=opensearch.TLSSecurityPolicy.TLS_1_2_PFS,
            enable_auto_software_update=True,
            logging=self._logging(),
            suppress_logs_resource_policy=True,
            removal_policy=removal_policy(self._config),
        )

    def _capacity(self) -> opensearch.CapacityConfig:
        size = self._size
        return opensearch.CapacityConfig(
            data_nodes=size.data_nodes,
            data_node_instance_type=size.data_type,
            master_nodes=size.masters or None,
            master_node_instance_type=size.master_type or None,
            # A standby zone would ask for three copies of an index that can be made again.
            multi_az_with_standby_enabled=False,
        )

    def _logging(self) -> opensearch.LoggingOptions:
        """A policy of ours, because CDK's own would be a function in the template. No slow logs:
        they would keep what people search for, beyond the reach of who deletes an account."""
        group = log_group(self, "Logs", config=self._config)
        logs.ResourcePolicy(
            self,
            "MayLog",
            policy_statements=[
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal("es.amazonaws.com")],
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[group.log_group_arn],
                    conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
                )
            ],
        )
        return opensearch.LoggingOptions(
            app_log_enabled=True,
            app_log_group=group,
        )

    def _answer_roles_of_the_account(self) -> None:
        """Whose own policies then decide. Set beneath the L2 construct, which would set it by a
        function in the template."""
        resource = self.domain.node.default_child
        assert isinstance(resource, opensearch.CfnDomain)
        statement = iam.PolicyStatement(
            principals=[iam.AccountPrincipal(Aws.ACCOUNT_ID)],
            actions=ACTIONS,
            resources=[f"{self.arn}/*"],
        )
        resource.access_policies = iam.PolicyDocument(statements=[statement])
        policy = self.node.find_child("MayLog").node.default_child
        assert isinstance(policy, CfnResource)
        resource.add_dependency(policy)

    def _acknowledge(self) -> None:
        reasons = {
            "AwsSolutions-OS3": "It is in isolated subnets and answers to one security group; "
            "each request is signed by a role.",
        }
        for name in ("SEARCH_SLOW_LOGS", "INDEX_SLOW_LOGS"):
            reasons[f"AwsSolutions-OS9[LogExport::{name}]"] = (
                "They would keep what people search for, past the deletion of their accounts."
            )
        if not self._size.masters:
            reasons["AwsSolutions-OS4"] = (
                "One small node for development needs no other to lead it."
            )
        if self._size.zones == 1:
            reasons["AwsSolutions-OS7"] = "One small node for development is in one zone."
        acknowledge(self.domain, reasons)
