"""The source as text and syntax trees, for the rules about it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "shared" / "djamms"
CODE = ("shared", "functions", "infra", "layers", "local", "bench", "scripts")
GENERATED = ("layers/.build", "migrations/versions")
DOMAINS = frozenset(path.name for path in PACKAGE.iterdir() if (path / "service.py").exists())


@dataclass(frozen=True)
class Source:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def domain(self) -> str | None:
        """The domain package that the file belongs to; None for the kernel and other folders."""
        parts = self.path.relative_to(PACKAGE).parts if PACKAGE in self.path.parents else ()
        return parts[0] if parts and parts[0] in DOMAINS else None

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> frozenset[str]:
        """Absolute names of what is imported, `package.module.name` for from-imports."""
        return frozenset(self._imports())

    def _imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name} imports relatively"
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    @property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return [node for node in ast.walk(self.tree) if isinstance(node, kinds)]

    def imports_from(self, *packages: str) -> set[str]:
        """Imports of these packages or of anything in them."""
        return {
            name
            for name in self.imports
            if any(name == package or name.startswith(package + ".") for package in packages)
        }


def sources(*folders: str) -> list[Source]:
    found = [
        Source(path)
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not any(part in path.as_posix() for part in GENERATED)
    ]
    assert found, f"no source in {folders}"
    return found
