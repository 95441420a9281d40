"""The file system and environment that a worker process sees: its function, its layers, no more."""

import importlib.util
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.assembly import Assembly, AssemblyError, Function, layer_path
from local.iam.policy import dump

# Lambda's own runtime carries these; everything else must come from a layer.
_RUNTIME_MODULES = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
_EXTENSION_PORT = "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Private folders of links under `directory`; `root` is the repository."""

    root: Path
    directory: Path
    usage_log: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, assembly: Assembly) -> None:
        runtime = self.directory / "runtime"
        for name in _RUNTIME_MODULES:
            source = _module_path(name)
            _link(runtime / source.name, source)
        _link(runtime / "local" / "iam", Path(__file__).parent / "iam")
        _link(self.directory / "djamms" / "djamms", self.root / "shared" / "djamms")
        for function in assembly.functions.values():
            folder = Path(*function.handler.split(".")[:-2])
            _link(self.task_root(function) / folder, self.root / folder)
            self._write_policy(function, assembly)

    def task_root(self, function: Function) -> Path:
        return self.directory / "task" / function.name

    def policy_file(self, function: Function) -> Path:
        return self.directory / "policy" / f"{function.name}.json"

    def paths(self, function: Function) -> Iterator[Path]:
        """sys.path in Lambda's order: the task, its layers, the runtime."""
        yield self.task_root(function)
        for recipe in function.recipes:
            is_source = recipe == "djamms"
            yield self.directory / recipe if is_source else layer_path(self.root, recipe)
        yield self.directory / "runtime"

    def variables(self, function: Function, assembly: Assembly, port: int) -> dict[str, str]:
        """The environment of one worker."""
        temporary = self.directory / "tmp" / function.name
        temporary.mkdir(parents=True, exist_ok=True)
        variables = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "TMPDIR": str(temporary),
            "AWS_REGION": assembly.region,
            "AWS_DEFAULT_REGION": assembly.region,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_SESSION_TOKEN": secrets.token_urlsafe(24),
            **self.environment,
            **function.environment,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
            "AWS_LAMBDA_FUNCTION_NAME": function.arn.rsplit(":", 1)[1],
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "local",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "LAMBDA_TASK_ROOT": str(self.task_root(function)),
            "LAMBDA_RUNTIME_DIR": str(self.directory / "runtime"),
            "_HANDLER": function.handler,
            "DJAMMS_LOCAL_POLICY": str(self.policy_file(function)),
            "DJAMMS_LOCAL_USAGE": str(self.usage_log),
            "DJAMMS_LOCAL_SEARCH": "".join(one.arn for one in assembly.search_domains[:1]),
        }
        variables.pop(_EXTENSION_PORT, None)
        if function.secrets_extension:
            variables[_EXTENSION_PORT] = str(port)
        return variables

    def _write_policy(self, function: Function, assembly: Assembly) -> None:

        file = self.policy_file(function)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dump(function.name, function.role, assembly.region, assembly.account))


def _module_path(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise AssemblyError(f"The Python package {name} is missing: install the 'local' extra.")
    origin = Path(spec.origin)
    return origin.parent if origin.name == "__init__.py" else origin


def _link(link: Path, target: Path) -> None:
    """Makes `link` point at `target`, whatever it was before."""
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink():
        if link.readlink() == target:
            return
        link.unlink()
    link.symlink_to(target)
