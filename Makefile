# `make` alone lists the targets. Python 3.11 or newer with venv, make and git are all that is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test test-all check lint types layers format bench bench-flow bench-robot bench-control bench-push bench-balance bench-layout acceptance-data docs render-packages view-packages clean

help:
	@echo "make run         simulate the default scenario and say where its report is"
	@echo "make test        run the default tests (under 10 minutes on 2 cores)"
	@echo "make test-all    run all tests, the slow ones too"
	@echo "make check       lint, types and layers (each is a target too)"
	@echo "make format      mend what the linter can mend"
	@echo "make bench       run the speed tests and every benchmark"
	@echo "make bench-flow  time the flow against SimPy on a line of 20 stations"
	@echo "make bench-robot time the rig of a unit against plain mj_step"
	@echo "make bench-control time a walking robot with its controller against real time"
	@echo "make bench-push  how hard a push a robot survives, walking and standing"
	@echo "make bench-balance  balance published and generated lines, beside CP-SAT and DIDP (up to an hour)"
	@echo "make bench-layout  quadratic assignment against the best known costs of QAPLIB"
	@echo "make acceptance-data  test the built-in scenarios on the bench anew (tens of minutes)"
	@echo "make docs        build the documentation into site/"
	@echo "make render-packages  install what drawing without a screen needs (as root, on Debian)"
	@echo "make view-packages    install what the viewer in the browser needs"
	@echo "make clean       remove what the other targets made, $(VENV) too"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Ironworks needs Python 3.11 or newer; '$(PYTHON)' is not. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "No venv could be made: install the package python3-venv." >&2; exit 1; }

# What running needs.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing Ironworks into $(VENV); the first time takes a minute or two"
	@$(PIP) -e .
	@touch $@

# What developing needs besides.
$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing Ironworks with its test, benchmark and documentation tools into $(VENV)"
	@$(PIP) -e '.[dev,bench,docs]'
	@touch $(VENV)/.installed $@

run: $(VENV)/.installed
	@$(BIN)/ironworks run

test: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

test-all: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m 'not bench'

check: lint types layers

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(VENV)/.installed-dev
	@$(BIN)/mypy

layers: $(VENV)/.installed-dev
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -m bench || [ $$? -eq 5 ]  # 5: there is no such test yet
	@status=0; for script in $(sort $(wildcard benchmarks/*.py)); do $(BIN)/python $$script || status=1; done; exit $$status

bench-flow: $(VENV)/.installed-dev
	@$(BIN)/python benchmarks/flow.py

bench-robot: $(VENV)/.installed-dev
	@$(BIN)/python benchmarks/robot.py

bench-control: $(VENV)/.installed-dev
	@$(BIN)/python benchmarks/control.py

bench-push: $(VENV)/.installed-dev
	@$(BIN)/python benchmarks/push.py

bench-balance: $(VENV)/.installed-dev
	@$(BIN)/python benchmarks/balance.py

bench-layout: $(VENV)/.installed-dev
	@$(BIN)/python benchmarks/layout.py

acceptance-data: $(VENV)/.installed
	@$(BIN)/python -m ironworks.studies.acceptance_data --workers $(WORKERS)

docs: $(VENV)/.installed-dev
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Documentation: site/index.html"

render-packages:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then apt-get install -y -q libegl1 libgl1; \
	else echo "Skipped: not root, or no apt-get. Drawing needs the packages libegl1 and libgl1."; fi

view-packages: $(VENV)/.installed
	@$(PIP) -e '.[view]'

clean:
	rm -rf $(VENV) site dist out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
