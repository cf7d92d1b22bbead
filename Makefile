# Every command of this project; people and CI use the same ones. `make help` lists them.

VENV := .venv
BIN := $(VENV)/bin
STATE := $(CURDIR)/.bzpeer
READY := $(VENV)/.bzpeer-ready
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/bzpeer
MONGO := $(CACHE)/secantus
MONGO_VERSION := 0.5.3-beta.196
# The first Python that is new enough; PYTHON=/path/to/python names another.
PYTHON := $(shell for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
# No address of a registry gets into a lock, whatever this machine is set to.
LOCK := --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --python-version 3.11

# All that is generated goes into .bzpeer, but for the environment itself.
export RUFF_CACHE_DIR := $(STATE)/cache/ruff
export HYPOTHESIS_STORAGE_DIRECTORY := $(STATE)/cache/hypothesis

.DEFAULT_GOAL := help
.PHONY: help up demo down test test-faults check format contracts lock fast-mongo

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

up: $(READY) ## Start BZPEER on this machine; Ctrl-C stops it (UP="--port 8080 --quiet" hands on options)
	@$(BIN)/bzpeer up $(UP)

demo: $(READY) ## Walk through what BZPEER does, on the running stack
	@$(BIN)/bzpeer demo

down: $(READY) ## Stop the BZPEER that runs in this checkout
	@$(BIN)/bzpeer down

test: $(READY) ## Run all tests (ARGS="tests/unit -k claims" runs some)
	@$(BIN)/pytest $(ARGS)

test-faults: fast-mongo $(READY) ## Break the running system under load and count every event (ARGS="-k poison"; 10 to 20 minutes)
	@$(BIN)/pytest -m faults tests/faults $(ARGS)

check: $(READY) ## Check format, lint, types, imports, spelling and the events' contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir $(STATE)/cache/imports
	$(BIN)/typos
	$(BIN)/bzpeer docs --check
	$(BIN)/bzpeer schemas check

format: $(READY) ## Format the code and repair what lint can repair
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

contracts: $(READY) ## Write schemas, examples and documents of the events anew, after a change to one
	$(BIN)/bzpeer docs

lock: $(READY) ## Resolve the dependencies anew: requirements.lock and Kafka's jars
	$(BIN)/uv pip compile $(LOCK) --upgrade --all-extras pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile $(LOCK) --extra works --extra profiles --extra gateway --extra cli --constraint requirements.lock \
		pyproject.toml --output-file deploy/images/requirements.lock
	$(BIN)/python -m deploy.embedded.kafka_jars

fast-mongo: $(MONGO)/bin/secantusd-rs ## Build the faster database server, once for each machine (needs cargo; 5 minutes)

$(MONGO)/bin/secantusd-rs:
	@command -v cargo >/dev/null || { echo "This needs Rust's cargo, which is not on the PATH. BZPEER runs without it."; exit 1; }
	cargo install secantus-mdb --version $(MONGO_VERSION) --ignore-rust-version --root $(MONGO)
	@echo "bzpeer up uses it from now on; for a checkout with data: bzpeer up --fresh"

# The environment. It is made in this order, so that one left half-finished is made again:
# python, uv (as locked, to install faster), the locked packages, this project, and the stamp.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "BZPEER needs Python 3.11 or newer, and found none on the PATH."; \
		echo "Install one, or name it: make up PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "BZPEER needs Python 3.11 or newer; this is $$($(PYTHON) --version 2>&1)."; exit 1; }
	@echo "Installing BZPEER's packages into $(VENV) (once)"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { \
		echo "Python cannot make an environment here (on Debian: apt install python3-venv)."; exit 1; }
	@$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "bzpeer-cache.pth").write_text( \
		"import sys; sys.pycache_prefix = sys.pycache_prefix or \"$(STATE)/cache/python\"\n")'
	@awk '/^[^ ]/ { ours = /^uv==/ } ours' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements.lock --quiet 2>$(VENV)/uv.log \
		|| $(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock \
		|| { cat $(VENV)/uv.log; echo "The packages could not be installed: is there a network? Then run this again."; exit 1; }
	@$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --editable . \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(READY)
	@nice $(BIN)/python -m compileall -q $(VENV)/lib -x 'pip|numpy|mypy|jgo' >/dev/null 2>&1 &
