# Two commands do everything: `make demo`, `make test`. Each makes .venv itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
FOLDER ?= workspace/demo

.PHONY: demo test lint bench lab clean slow catalogue sandbox
.DEFAULT_GOAL := demo

demo: $(VENV)/.core sandbox
	$(BIN)/jurylab demo $(FOLDER)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n 2

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

slow: $(VENV)/.dev
	$(BIN)/python -m pytest -q -m "slow or browser"

bench: $(VENV)/.dev
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m tests.benchmarks

lab: $(VENV)/.core sandbox
	$(BIN)/jurylab demo $(FOLDER) --quiet
	$(BIN)/jurylab lab --course $(FOLDER)

catalogue: $(VENV)/.dev
	$(BIN)/pybabel -q extract -F pyproject.toml --omit-header --no-location --sort-output -k _ -o workspace-messages.pot .
	$(BIN)/pybabel -q update --omit-header --no-fuzzy-matching --ignore-obsolete -D jurylab -l en -d grading/locale -i workspace-messages.pot
	rm workspace-messages.pot
	$(BIN)/pybabel -q compile -f -D jurylab -d grading/locale

# Candidates' code never runs without it. Installed when root (a container), asked for otherwise.
sandbox:
	@command -v bwrap >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installation de bubblewrap" \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq bubblewrap >/dev/null; } \
	  || { echo "Il manque bubblewrap, qui protège la machine du code des candidats : sudo apt install bubblewrap"; exit 2; }

clean:
	rm -rf $(VENV) workspace dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Il faut Python 3.11 ou plus : make PYTHON=python3.11"; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "Il manque le module venv : apt install python3-venv"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	$(PIP) -e '.[dev]'
	@touch $@
