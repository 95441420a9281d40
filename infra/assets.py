"""What Lambda gets to run: one folder per function and per layer.

An assembly for this machine needs the names of the assets, not their content: workers run the
sources and the layers built for the host. So `named` assets carry the same hashes as built ones,
and their path does not exist: deploying them fails instead of deploying nothing.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import aws_lambda as lambda_

from infra.config import ROOT
from layers.build import build, compile_tree
from layers.recipes import digest, tree_digest

NOT_BUILT = "not-built"


@dataclass(frozen=True, slots=True)
class Assets:
    folder: Path
    built: bool

    def layer(self, recipe: str) -> lambda_.Code:
        path = build(recipe, "arm64") if self.built else self._named(f"layers/{recipe}")
        return self._code(path, digest(recipe))

    def function(self, name: str) -> lambda_.Code:
        source = ROOT / "functions" / name
        path = self._stage(source) if self.built else self._named(f"functions/{name}")
        return self._code(path, tree_digest(source))

    def forget_named(self) -> None:
        if not self.built:
            shutil.rmtree(self.folder / NOT_BUILT)

    def _stage(self, source: Path) -> Path:
        """The archive holds `functions/<name>/…`, so that the handler has one name everywhere."""
        root = self.folder / "functions" / source.name
        shutil.rmtree(root, ignore_errors=True)
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, root / "functions" / source.name, ignore=ignore)
        compile_tree(root, "/var/task")
        return root

    def _named(self, name: str) -> Path:
        path = self.folder / NOT_BUILT / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def _code(self, path: Path, content: str) -> lambda_.Code:
        return lambda_.Code.from_asset(str(path), asset_hash=content)
