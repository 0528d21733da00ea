# Two commands matter: `make demo` and `make test`. All others serve them.
SHELL := /bin/bash -o pipefail
BIN := .venv/bin
PY := $(BIN)/python
UV := $(BIN)/uv pip
STAMPS := .venv/.stamps
export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := true
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
export PATH := $(CURDIR)/$(BIN):$(PATH)

FRONT := $(shell find src labextension -type f 2>/dev/null) package.json yarn.lock tsconfig.json
EXAMPLES := example_notebooks
QUICK := -n 2 --dist loadscope --no-loadscope-reorder -m "not slow"

.PHONY: help install demo lab mlflow test test-all lint pytest jest galata bench fuzz soak coverage format contracts rules clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMPS)/python: pyproject.toml tools/venv.sh
	tools/venv.sh
	$(UV) install -q --python $(PY) -r pyproject.toml --extra dev
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/npm: package.json yarn.lock .yarnrc.yml $(STAMPS)/python
	$(BIN)/jlpm install --immutable | tail -n 1
	@touch $@

$(STAMPS)/front: $(FRONT) $(STAMPS)/npm
	$(BIN)/jlpm run build:prod
	@touch $@

$(STAMPS)/install: $(STAMPS)/front handoff_ext/__init__.py
	rm -rf .venv/share/jupyter/labextensions/handoff-ext handoff_ext/labextension/install.json
	SKIP_JUPYTER_BUILDER=1 $(UV) install -q --python $(PY) --no-deps --no-build-isolation -e .
	rm -rf .venv/share/jupyter/labextensions/handoff-ext
	ln -s $(CURDIR)/handoff_ext/labextension .venv/share/jupyter/labextensions/handoff-ext
	@touch $@

install: $(STAMPS)/install ## .venv with the project and its front end

demo: install ## a messy notebook becomes a published, rehearsed model
	@$(PY) tools/demo.py

lab: install ## JupyterLab on the examples, with the sidebar
	@$(PY) tools/example_data.py
	$(BIN)/jupyter lab --notebook-dir $(EXAMPLES) $(if $(filter 0,$(shell id -u)),--allow-root) \
	  --LabApp.default_url=/lab/tree/flight_delays/flight_delays.ipynb?handoff=open

mlflow: install ## MLflow's own pages on the examples' store
	$(BIN)/mlflow ui --backend-store-uri sqlite:///$(CURDIR)/$(EXAMPLES)/flight_delays/mlflow.db --host 127.0.0.1

test: install ## everything CI runs
	@# The browser waits more than it computes: what needs one core goes on beside it.
	@$(MAKE) --no-print-directory -j 2 --output-sync galata lint jest
	@$(MAKE) --no-print-directory pytest

lint: install ## style, types, layers, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/jlpm run lint:check
	$(PY) tools/generate_contracts.py --check
	$(PY) tools/rule_pages.py --check
	$(PY) tools/figures_age.py

pytest: install
	@$(PY) tools/example_data.py
	$(BIN)/pytest $(QUICK)

coverage: install ## which lines the tests pass through
	@$(PY) tools/example_data.py
	$(BIN)/coverage erase
	$(BIN)/pytest $(QUICK) --cov --cov-report=term:skip-covered

jest: install
	$(BIN)/jlpm run test

$(STAMPS)/ui: ui-tests/package.json ui-tests/yarn.lock $(STAMPS)/install
	tools/chromium.sh
	cd ui-tests && $(CURDIR)/$(BIN)/jlpm install --immutable | tail -n 1
	@touch $@

galata: $(STAMPS)/ui ## the browser tests
	@$(PY) tools/example_data.py
	cd ui-tests && $(CURDIR)/$(BIN)/jlpm run test

test-all: test $(STAMPS)/boosters ## and the slow, wide ones
	$(BIN)/pytest -m slow
	PYTHONPATH=.venv/boosters $(BIN)/pytest tests/features/test_model_kinds.py

# Beside the environment, not in it: the examples' package lists are made of what is in it.
$(STAMPS)/boosters: pyproject.toml $(STAMPS)/python
	$(UV) install -q --python $(PY) --target .venv/boosters --no-deps lightgbm patsy statsmodels xgboost-cpu
	@touch $@

fuzz: install ## 20,000 mutated notebooks through the checks
	HANDOFF_FUZZ=20000 $(BIN)/pytest tests/checks/test_bad_input.py -k mutated

soak: install ## 15 minutes at 8 clients, while worker, database and registry are killed
	HANDOFF_SOAK=$${HANDOFF_SOAK:-900} $(BIN)/pytest -s tests/serve/test_soak.py

bench: install ## what is measured, as ratios
	@for file in benchmarks/*.py; do echo "== $$file"; $(PY) $$file || exit 1; done

format: install ## let the formatters have their way
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	$(BIN)/jlpm run lint

contracts: install ## TypeScript types from the Python contracts
	$(PY) tools/generate_contracts.py

rules: install ## docs/rules from the rules' docstrings
	$(PY) tools/rule_pages.py

clean: ## remove what was built
	rm -rf .venv node_modules ui-tests/node_modules lib dist handoff_ext/labextension
