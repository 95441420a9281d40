"""Aurora PostgreSQL Serverless v2, and the secret that says where it is and who may enter."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secrets
from constructs import Construct

from infra.config import Config
from infra.constructs.network import Network
from infra.nag import acknowledge

NAME = "djamms"
VERSION = rds.AuroraPostgresEngineVersion.VER_18_4


class Database(Construct):
    secret: secrets.ISecret

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: Config,
        network: Network,
    ) -> None:
        super().__init__(scope, construct_id)
        capacity = config.database
        self.cluster = rds.DatabaseCluster(
            self,
            "Cluster",
            engine=rds.DatabaseClusterEngine.aurora_postgres(version=VERSION),
            credentials=rds.Credentials.from_generated_secret(NAME),
            default_database_name=NAME,
            vpc=network.vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            security_groups=[network.database],
            serverless_v2_min_capacity=capacity.min_capacity,
            serverless_v2_max_capacity=capacity.max_capacity,
            writer=rds.ClusterInstance.serverless_v2("Writer"),
            readers=[
                rds.ClusterInstance.serverless_v2(f"Reader{i}", scale_with_writer=True)
                for i in range(capacity.readers)
            ],
            storage_encrypted=True,
            iam_authentication=True,
            backup=rds.BackupProps(retention=Duration.days(capacity.backup_days)),
            copy_tags_to_snapshot=True,
            deletion_protection=config.keep_data,
            removal_policy=RemovalPolicy.SNAPSHOT,
        )
        assert self.cluster.secret is not None
        self.secret = self.cluster.secret
        self._acknowledge(config)

    def _acknowledge(self, config: Config) -> None:
        reasons = {
            "AwsSolutions-SMG4": "Every function caches the secret in its process: a rotation "
            "without a second valid password would break them until their next start.",
            "AwsSolutions-RDS11": "The database is in isolated subnets and answers to one security "
            "group; another port would hide it from nobody.",
        }
        if not config.keep_data:
            reasons["AwsSolutions-RDS10"] = "A dev database may be deleted; a snapshot remains."
        acknowledge(self, reasons)
