"""The synthesized CDK assembly, read for one machine."""

from local.assembly.checks import layer_path
from local.assembly.errors import AssemblyError
from local.assembly.load import load_assembly
from local.assembly.model import (
    Api,
    Assembly,
    Behaviour,
    Bucket,
    CorsRule,
    Distribution,
    EventBus,
    EventSource,
    Function,
    GatewayResponse,
    Notification,
    Queue,
    Route,
    Schedule,
    SearchDomain,
    Secret,
    SecretSpec,
)
from local.assembly.names import Local
from local.iam.policy import Role, Statement

__all__ = [
    "Api",
    "Assembly",
    "AssemblyError",
    "Behaviour",
    "Bucket",
    "CorsRule",
    "Distribution",
    "EventBus",
    "EventSource",
    "Function",
    "GatewayResponse",
    "Local",
    "Notification",
    "Queue",
    "Role",
    "Route",
    "Schedule",
    "SearchDomain",
    "Secret",
    "SecretSpec",
    "Statement",
    "layer_path",
    "load_assembly",
]
