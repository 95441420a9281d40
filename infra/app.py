"""The CDK application: `python -m infra.app`, as cdk.json has it; `infra.synth` runs the same.

Context: `env` is dev or prod; `assets=named` leaves the layers unbuilt, for an assembly that only
this machine runs; `checks=false` leaves out cdk-nag; `search=true` adds OpenSearch to dev.
"""

from pathlib import Path

from aws_cdk import App, Environment, Tags

from infra import nag
from infra.assets import Assets
from infra.config import Config, config_of
from infra.stacks.foundation import FoundationStack
from infra.stacks.media import MediaStack
from infra.stacks.service import ServiceStack


def main() -> None:
    app = App(analytics_reporting=False, tree_metadata=False)
    search = app.node.try_get_context("search") == "true"
    config = config_of(app.node.try_get_context("env") or "dev", search=search)
    assets = Assets(Path(app.outdir), built=app.node.try_get_context("assets") != "named")
    if app.node.try_get_context("checks") != "false":
        nag.check(app)
    try:
        compose(app, config, assets)
        app.synth()
    finally:
        assets.forget_named()


def compose(app: App, config: Config, assets: Assets) -> None:
    # Assets lie where they were built; copying them into the assembly would only cost time.
    app.node.set_context("aws:cdk:disable-asset-staging", True)
    env = Environment(region=config.region)
    Tags.of(app).add("application", config.prefix)
    foundation = FoundationStack(app, config=config, env=env)
    media = MediaStack(app, config=config, env=env, alarms=foundation.alarms)
    ServiceStack(app, config=config, env=env, assets=assets, foundation=foundation, media=media)


if __name__ == "__main__":
    main()
