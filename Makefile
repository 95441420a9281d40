# Every target works in a fresh clone: `setup` makes .venv, and costs next to nothing afterwards.
PORT ?=
DATA_DIR ?=
ARGS ?=
PYTHON3 ?= python3

# Relative, so that the path of the checkout may hold spaces.
BIN := .venv/bin
RUN := $(BIN)/python
PYTEST := $(RUN) -m pytest

.DEFAULT_GOAL := help
.PHONY: help run test test-system check bench synth lock setup format

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Start everything; PORT=3001 DATA_DIR=path ARGS="more words for djamms up"
	@exec $(BIN)/djamms up $(if $(PORT),--port "$(PORT)") $(if $(DATA_DIR),--data-dir "$(DATA_DIR)") $(ARGS)

test: check ## All checks, and all tests that need no system packages
	$(PYTEST) -n 2 --dist loadfile -m "not system" --ignore tests/architecture tests

test-system: setup ## The tests with a browser; installs it where it may
	@$(RUN) scripts/system_packages.py
	$(PYTEST) -m system tests

check: synth ## Format, lint, types, architecture, infrastructure rules, generated documents
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(PYTEST) tests/architecture
	$(BIN)/djamms openapi --check
	$(BIN)/djamms config --check
	$(BIN)/djamms permissions --check
	$(BIN)/djamms diagram --check

synth: setup ## Synthesize both environments into cdk.out
	$(RUN) -m infra.synth --env prod
	$(RUN) -m infra.synth --env dev

bench: setup ## Measure what the README states
	$(RUN) -m bench $(ARGS)

format: setup ## Let ruff rewrite the sources
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

lock: setup ## Compile requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.13 --all-extras pyproject.toml --output-file requirements.lock

setup:
	@$(PYTHON3) scripts/bootstrap.py
