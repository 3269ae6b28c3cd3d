# `make` lists the commands. They need Python 3.11 to 3.14 and nothing else.

MAKEFLAGS += --no-print-directory
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
PACKAGES := contracts services/ingest services/ledger services/witness deploy/local
# Editable packages point at this folder by its full path, so a copied tree installs anew.
HERE := $(shell pwd -P | cksum | cut -d' ' -f1)
RUN := $(VENV)/.installed-$(HERE)
DEV := $(VENV)/.installed-dev-$(HERE)
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))
# Left empty, the first Python that fits is taken.
PYTHON ?=
PYTEST_ARGS ?=
# Asked strictly: a package without an answer is not clean.
PIP_AUDIT := pip-audit==2.9.0
# Such as "--vulnerability-service osv", or "--osv-url" of a mirror inside.
AUDIT_ARGS ?=
COMPOSE := docker compose --file deploy/compose.yaml
CLUSTER := docker compose --file deploy/compose.cluster.yaml
# Each process has servers of its own; tests/conftest.py puts what takes longest first.
IN_PARALLEL := --numprocesses auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder
# COMPILED=1 runs a copy of the ledger in which the modules that every decision of the fold goes
# through are machine code, made by mypyc and a C compiler. They say the same, byte for byte; the
# copy is made anew when a source changes, and without the word the sources run.
COMPILED ?=
ifneq ($(COMPILED),)
COPY := build/compiled
LEDGER := services/ledger/src/jifen_ledger
HOT := $(addprefix jifen_ledger/domain/,$(addsuffix .py,booking changes claim_needs claim_steps deciding \
	documents effective_points figure_moves fold held kept life measures moment needs people \
	postings quarter_claims records recount replacing revaluation roles settle state table \
	tallies units versions wanted worth rules/points_earned rules/points_reviewed))
FAST := $(COPY)/.made
export PYTHONPATH := $(CURDIR)/$(COPY)
endif

.PHONY: help demo demo-compose demo-cluster up reset status test test-cluster images-compare audit-dependencies check format bench bench-quick schemas lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

demo: $(RUN) $(FAST) ## a year of an organisation on this machine; ONCE=1 ends by itself, BUNDLE=PATH.tar.gz to audit
	@$(PY) -m jifen_local demo $(if $(ONCE),--once) $(if $(BUNDLE),--bundle "$(BUNDLE)")

up: $(RUN) $(FAST) ## both services with their servers, until Ctrl-C
	@$(PY) -m jifen_local up

demo-compose: $(RUN) ## the year sent to docker compose while each container is killed; an account of every event
	@JIFEN_SCHEMES=plant,plant-2 $(COMPOSE) up --detach --build --wait --quiet-pull
	@$(PY) -m jifen_local load --compose deploy/compose.yaml \
		$(foreach name,nats postgres ingest ledger,--kill $(name))

demo-cluster: $(RUN) ## the same on three NATS nodes, two ingests and two ledger workers
	@JIFEN_SCHEMES=plant,plant-2 $(CLUSTER) up --detach --build --wait --quiet-pull
	@$(PY) -m jifen_local load --compose deploy/compose.cluster.yaml \
		$(foreach name,nats-1 ledger-1 ingest-1 nats-2 ledger-2 ingest-2 nats-3,--kill $(name))

status: $(RUN) ## what runs here
	@$(PY) -m jifen_local status

reset: $(RUN) ## remove the data of `make up`
	@$(PY) -m jifen_local reset

test-cluster: $(DEV) ## what `test` leaves out because it is heavy: runbook in containers, cluster under load
	@JIFEN_TEST_CLUSTER=1 $(PY) -m pytest tests/compose/test_page.py tests/compose/test_cluster.py \
		tests/compose/test_images.py $(PYTEST_ARGS)

test: $(DEV) $(FAST) ## all tests; PYTEST_ARGS="tests/contracts -k caps" for some
	@$(PY) -m pytest $(if $(PYTEST_ARGS),$(PYTEST_ARGS),$(IN_PARALLEL))

images-compare: ## build each image twice from nothing; they must hold the same bytes
	@python3 deploy/image/compare.py

audit-dependencies: $(DEV) ## look for known weaknesses of what requirements.lock names
	@$(PY) -m uv tool run $(PIP_AUDIT) --requirement requirements.lock --require-hashes --disable-pip --strict \
		--progress-spinner off $(AUDIT_ARGS) || { status=$$?; echo "pip-audit found a weakness, or reached" \
		"no advisory service: see the lines above and docs/operations.md" >&2; exit $$status; }

check: $(DEV) ## format, lint, types, imports, dependencies, schemas
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports
	@for package in $(PACKAGES); do \
		$(PY) -m deptry $$package/src --config $$package/pyproject.toml || exit 1; \
	done
	@$(PY) -m jifen_contracts.export_schemas --check
	@$(PY) -m jifen_contracts.schema_compatibility

format: $(DEV) ## write the format that `check` asks for
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

bench: $(DEV) $(FAST) ## measure against limits and peers; COMPILED=1 with a compiled fold
	@$(PY) -m tests.benchmarks

bench-quick: $(DEV) $(FAST) ## the same with small loads in under 3 minutes; WRITE=1 writes too
	@$(PY) -m tests.benchmarks --quick $(if $(WRITE),--write)

schemas: $(RUN) ## write the JSON Schemas of the events
	@$(PY) -m jifen_contracts.export_schemas

lock: $(DEV) ## choose and pin the newest versions that fit
	@for name in requirements requirements-dev; do \
		$(PY) -m uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
			--no-header --no-annotate $$name.in --output-file $$name.lock || exit 1; \
	done
	@if grep -n '://' requirements.lock requirements-dev.lock; then \
		echo "A lock file names a host; remove the index from the command or configuration." >&2; exit 1; \
	fi

clean: ## remove the virtual environment and caches
	@rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

ifneq ($(COMPILED),)
$(FAST): $(DEV) $(shell find $(LEDGER) contracts/src -name '*.py')
	@echo "Compiling the fold into $(COPY); this takes a minute or two"
	@rm -rf $(COPY) && mkdir -p $(COPY) && cp -R $(LEDGER) $(COPY)/
	@cd $(COPY) && MYPYPATH=$(CURDIR)/contracts/src $(CURDIR)/$(VENV)/bin/mypyc \
		--config-file $(CURDIR)/pyproject.toml $(HOT) > mypyc.log 2>&1 || { tail -n 20 mypyc.log >&2; exit 1; }
	@touch $@
endif

$(VENV)/bin/python:
	@python=; \
	for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$candidate" -c '$(FITS)' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Jifen needs Python 3.11 to 3.14; none was found ($$(python3 --version 2>&1))." \
			"Try: make PYTHON=/path/to/python3.13" >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
		echo "$$python has no venv module; on Debian and Ubuntu it is the package" \
			"python3-venv: apt-get install python3-venv" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUN): $(VENV)/bin/python requirements.lock $(PACKAGES:%=%/pyproject.toml)
	@$(PY) -c '$(FITS)' || { echo "$(VENV) has a Python outside 3.11 to 3.14; run: make clean" >&2; exit 1; }
	@echo "Installing what Jifen needs into $(VENV); this happens once"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation $(PACKAGES:%=-e ./%)
	@touch $@

$(DEV): $(RUN) requirements-dev.lock
	@echo "Installing what the tests need into $(VENV); this happens once"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
