# Each target works on a fresh clone with nothing but Python >= 3.11, and is quick the second time.

HOST ?= 127.0.0.1
PORT ?= 8501
# The first interpreter that is new enough; `make PYTHON=/path/to/python3 setup` names another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test soak lint bench lock clean

help: ## List the targets.
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: .venv/ready ## Create .venv with the locked packages and hybridplan itself.

.venv/ready: requirements.lock pyproject.toml setup.py
	@test -n "$(PYTHON)" || { echo "hybridplan needs Python 3.11 or newer on the PATH."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python has no venv module: install it (Debian: apt-get install python3-venv)."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## Serve the pages at http://HOST:PORT (127.0.0.1:8501).
	@echo "hybridplan: http://$(HOST):$(PORT)  (stop with Ctrl+C)"
	@exec $(BIN)/python -m uvicorn hybridplan.ui.asgi:app --host $(HOST) --port $(PORT) --log-level warning

# A browser waits for a server that waits for the solver: beside other tests they would wait for each other.
test: setup ## Run all tests, those without a browser on all cores; browser tests need Chromium and are skipped without it.
	@status=0; \
	$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist loadfile --ignore tests/browser || status=1; \
	$(BIN)/python -m pytest tests/browser || status=1; \
	exit $$status

soak: setup ## Kill saving processes and the server 60 times on each database; open 100,000 hostile links (half an hour).
	$(BIN)/python -m pytest -m soak

lint: setup ## Check style and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/bench ## Measure the ratios of the README and write benchmarks/latest.json.
	$(BIN)/python -m benchmarks

# What is measured against; nothing else needs it.
.venv/bench: .venv/ready benchmarks/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	@touch $@

COMPILE := $(BIN)/uv --no-config pip compile pyproject.toml --universal --python-version 3.11 --upgrade \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet

lock: setup ## Write both locks anew from pyproject.toml (needs the package index).
	$(COMPILE) --extra dev -o requirements.lock
	$(COMPILE) --extra bench --constraint requirements.lock -o benchmarks/requirements.lock

clean: ## Remove .venv and caches.
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis
