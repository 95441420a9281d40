"""The VPC: public subnets for egress, private ones for functions, isolated ones for the database.

Security groups stand for edges, not for functions: whoever wears one may take that edge. Lambda
makes one network interface per combination of groups and subnet, so few groups start fast.
"""

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.config import Config
from infra.constructs.logs import log_group
from infra.nag import acknowledge

ADDRESSES = "10.20.0.0/16"
POSTGRES_PORT = 5432
HTTPS_PORT = 443
FUNCTION_SUBNETS = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)


class Network(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, config: Config) -> None:
        super().__init__(scope, construct_id)
        self.vpc = self._vpc(config)
        self.database = self._group("Database", "The database: answers to its clients only")
        self.reach_database = self._group("ReachDatabase", "Wearers may connect to the database")
        self.reach_https = self._group("ReachHttps", "Wearers may call AWS and others by HTTPS")
        if config.search:
            self._add_search()
        self.database.add_ingress_rule(
            self.reach_database, ec2.Port.tcp(POSTGRES_PORT), "Clients of the database"
        )
        self.reach_database.add_egress_rule(
            self.database, ec2.Port.tcp(POSTGRES_PORT), "To the database"
        )
        self.reach_https.add_egress_rule(
            ec2.Peer.any_ipv4(), ec2.Port.tcp(HTTPS_PORT), "To AWS and the internet"
        )

    def _add_search(self) -> None:
        self.search = self._group("Search", "OpenSearch: answers to its clients only")
        self.reach_search = self._group("ReachSearch", "Wearers may connect to OpenSearch")
        https = ec2.Port.tcp(HTTPS_PORT)
        self.search.add_ingress_rule(self.reach_search, https, "Clients of OpenSearch")
        self.reach_search.add_egress_rule(self.search, https, "To OpenSearch")

    def _vpc(self, config: Config) -> ec2.Vpc:
        provider = self._nat_instance() if config.nat_instance else ec2.NatProvider.gateway()
        vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(ADDRESSES),
            availability_zones=list(config.availability_zones),
            nat_gateways=1 if config.nat_instance else len(config.availability_zones),
            nat_gateway_provider=provider,
            restrict_default_security_group=False,
            subnet_configuration=[
                _subnets("public", ec2.SubnetType.PUBLIC, 24),
                _subnets("functions", ec2.SubnetType.PRIVATE_WITH_EGRESS, 20),
                _subnets("database", ec2.SubnetType.PRIVATE_ISOLATED, 24),
            ],
            gateway_endpoints={
                "S3": ec2.GatewayVpcEndpointOptions(
                    service=ec2.GatewayVpcEndpointAwsService.S3, subnets=[FUNCTION_SUBNETS]
                )
            },
        )
        if isinstance(provider, ec2.NatInstanceProviderV2):
            self._secure(provider)
        self._log_rejected(vpc, config)
        return vpc

    def _nat_instance(self) -> ec2.NatInstanceProviderV2:
        return ec2.NatProvider.instance_v2(
            instance_type=ec2.InstanceType.of(
                ec2.InstanceClass.BURSTABLE4_GRAVITON, ec2.InstanceSize.NANO
            ),
            default_allowed_traffic=ec2.NatTrafficDirection.OUTBOUND_ONLY,
            credit_specification=ec2.CpuCredits.STANDARD,
        )

    def _secure(self, provider: ec2.NatInstanceProviderV2) -> None:
        provider.connections.allow_from(
            ec2.Peer.ipv4(ADDRESSES), ec2.Port.tcp(HTTPS_PORT), "HTTPS of the VPC"
        )
        for instance in provider.gateway_instances:
            acknowledge(
                instance,
                {
                    "AwsSolutions-EC26": "The NAT instance stores nothing: it forwards packets.",
                    "AwsSolutions-EC28": "Five-minute metrics are enough for dev's NAT instance.",
                    "AwsSolutions-EC29": "Dev's NAT instance holds no state: losing it costs only "
                    "the time to make another.",
                },
            )

    def _log_rejected(self, vpc: ec2.Vpc, config: Config) -> None:
        group = log_group(self, "FlowLogs", config=config)
        vpc.add_flow_log(
            "Rejected",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(group),
            traffic_type=ec2.FlowLogTrafficType.REJECT,
        )

    def _group(self, construct_id: str, description: str) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(
            self,
            construct_id,
            vpc=self.vpc,
            description=description,
            allow_all_outbound=False,
            disable_inline_rules=True,
        )


def _subnets(name: str, kind: ec2.SubnetType, mask: int) -> ec2.SubnetConfiguration:
    return ec2.SubnetConfiguration(name=name, subnet_type=kind, cidr_mask=mask)
