"""`python -m local` is `djamms`."""

from local.cli import main

main()
