"""One layer version per recipe, made when the first function asks for it."""

from aws_cdk import CfnResource
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.assets import Assets

RUNTIME = lambda_.Runtime.PYTHON_3_13
ARCHITECTURE = lambda_.Architecture.ARM_64
RECIPE = "djamms:recipe"


class Layers(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, assets: Assets) -> None:
        super().__init__(scope, construct_id)
        self._assets = assets
        self._made: dict[str, lambda_.LayerVersion] = {}

    def of(self, recipe: str) -> lambda_.LayerVersion:
        if recipe not in self._made:
            self._made[recipe] = self._make(recipe)
        return self._made[recipe]

    def _make(self, recipe: str) -> lambda_.LayerVersion:
        layer = lambda_.LayerVersion(
            self,
            recipe.capitalize(),
            code=self._assets.layer(recipe),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[ARCHITECTURE],
            description=f"layers/{recipe}",
        )
        resource = layer.node.default_child
        assert isinstance(resource, CfnResource)
        resource.add_metadata(RECIPE, recipe)
        return layer
