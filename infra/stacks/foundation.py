"""What all else stands on and what changes least: network, database, OpenSearch, secrets,
alarm topic."""

from aws_cdk import App, CfnOutput, Environment, Stack

from infra.config import Config
from infra.constructs.alarms import alarm_topic
from infra.constructs.database import Database
from infra.constructs.network import Network
from infra.constructs.search_domain import SearchDomain
from infra.constructs.secret_values import Secrets


class FoundationStack(Stack):
    def __init__(self, app: App, *, config: Config, env: Environment) -> None:
        super().__init__(
            app,
            "Foundation",
            stack_name=f"{config.prefix}-foundation",
            env=env,
            termination_protection=config.keep_data,
        )
        self.alarms = alarm_topic(self, config=config)
        self.network = Network(self, "Network", config=config)
        self.database = Database(self, "Database", config=config, network=self.network)
        self.search = self._search(config)
        self.secrets = Secrets(self, "Secrets", config=config)
        CfnOutput(self, "AdminSecret", value=self.secrets.admin.secret_arn)
        CfnOutput(self, "CdnKeySecret", value=self.secrets.cdn_key_arn)

    def _search(self, config: Config) -> SearchDomain | None:
        if config.search is None:
            return None
        return SearchDomain(
            self,
            "Search",
            config=config,
            size=config.search,
            network=self.network,
            alarms=self.alarms,
        )
