"""Importing a handler makes nothing: what SnapStart would copy into every process."""

import subprocess
import sys
from pathlib import Path

import pytest

FUNCTIONS = sorted(
    path.parent.name for path in (Path(__file__).parents[3] / "functions").glob("*/handler.py")
)
CHECK = """
import importlib, sys
importlib.import_module("functions.{name}.handler")
from djamms.config import config
from djamms.db.session import engine, session_factory
made = [factory.__name__ for factory in (engine, session_factory) if factory.cache_info().currsize]
made += sorted({{"database_url", "jwt_secret", "cdn_private_key"}} & vars(config).keys())
made += sorted({{"boto3", "botocore.session"}} & sys.modules.keys())
sys.exit(", ".join(made) or 0)
"""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_importing_a_handler_makes_nothing(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHECK.format(name=name)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
