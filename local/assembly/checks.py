"""What would only show when a function runs, said before anything is started."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from local.assembly.errors import AssemblyError
from local.assembly.model import Function, Secret
from local.iam.policy import Request, decide


def check_sources(functions: Iterable[Function], root: Path) -> None:
    """Handlers and the host builds of layers exist under the repository."""
    for function in functions:
        handler = root.joinpath(*function.handler.split(".")[:-1]).with_suffix(".py")
        if not handler.is_file():
            raise AssemblyError(f"Function {function.name} has no {handler}.")
        for recipe in function.recipes:
            if not layer_path(root, recipe).is_dir():
                raise AssemblyError(
                    f"Layer {recipe} of function {function.name} is not built: "
                    f"there is no {layer_path(root, recipe)}."
                )


def check_secrets(functions: Iterable[Function], secrets: Mapping[str, Secret]) -> None:
    """A function may read every secret that its environment points at."""
    for function in functions:
        for variable, value in function.environment.items():
            request = Request("secretsmanager:GetSecretValue", value)
            if value in secrets and decide(function.role.statements, request) != "Allow":
                raise AssemblyError(
                    f"Function {function.name} finds the secret {secrets[value].name} in "
                    f"{variable}, but its role does not allow {request.action} on it."
                )


def layer_path(root: Path, recipe: str) -> Path:
    """The folder of a layer that a worker on this machine gets on its path."""
    if recipe == "djamms":
        return root / "shared" / "djamms"
    return root / "layers" / ".build" / recipe / "host" / "python"
