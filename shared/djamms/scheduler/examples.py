"""Of entries, and of the plan that they make."""

from pydantic import BaseModel

from djamms.scheduler import entry_examples, plan_examples

EXAMPLES: dict[str, BaseModel] = entry_examples.EXAMPLES | plan_examples.EXAMPLES
PARAMETERS: dict[str, tuple[str, str | None]] = entry_examples.PARAMETERS | plan_examples.PARAMETERS
