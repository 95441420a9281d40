"""First code inside a worker process, before Lambda's own Python bootstrap.

python -I -S worker_boot.py <parent fd> <sys.path entries> <handler>

Imports as little as possible: what is loaded here is loaded in no Lambda.
"""

import _thread
import os
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_GUARDED = ("botocore.client", "botocore.signers", "opensearchpy.connection.http_urllib3")


def _die_with_parent(fd: int) -> None:
    """The parent holds the other end of this pipe: when it is gone, so is this process group."""
    os.read(fd, 1)
    os.killpg(0, 9)


class IamFinder:
    """Puts the IAM check around botocore and OpenSearch's client at the moment when they are
    imported, not before."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name not in _GUARDED:
            return None
        for finder in sys.meta_path:
            if finder is IamFinder:
                continue
            if spec := finder.find_spec(name, path, target):
                _guard(spec)
                return spec
        return None


def _guard(spec: ModuleSpec) -> None:
    loader = spec.loader
    assert loader is not None
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        execute(module)
        from local.iam.hook import install  # 0 ms for a function that never loads them

        install(module)

    loader.exec_module = exec_module  # type: ignore[method-assign]


def main() -> None:
    fd, paths, handler = sys.argv[1:4]
    _thread.start_new_thread(_die_with_parent, (int(fd),))
    sys.path[:] = [*paths.split(os.pathsep), *sys.path]
    sys.meta_path.insert(0, IamFinder)
    # sys.path is only right from here on.
    from awslambdaric.bootstrap import run
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    # Without the thread per invocation that lets Lambda's main thread handle signals: it costs
    # a tenth of a small request, and this process is ended by a kill.
    client = LambdaRuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"], False)  # type: ignore[no-untyped-call]
    run(handler, client)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
