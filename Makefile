# `make` alone lists the targets. Needed: make, git and Python 3.11 or later; the rest goes into .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
PIP := $(PY) -m pip --disable-pip-version-check --no-input --quiet
UV := $(VENV)/bin/uv --quiet
LOCKED := install --require-hashes --no-deps -r requirements.lock

.DEFAULT_GOAL := help
.PHONY: help install ocr demo test check ocr-test gold benchmarks lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## make .venv from requirements.lock; again only when the lock or pyproject.toml changed

# uv takes a tenth of pip's time, and pip does where uv cannot be had. Bytecode is compiled here: uv leaves it
# out, and where PYTHONDONTWRITEBYTECODE is set every start would compile it anew.
$(INSTALLED): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "installing into $(VENV) with $(PYTHON) (about a minute)"
	@test -x $(PY) || "$(PYTHON)" -m venv $(VENV)
	@sed -n '/^uv==/,/[^\]$$/p' requirements.lock > $(VENV)/uv.lock
	@{ $(PIP) install --require-hashes -r $(VENV)/uv.lock && $(UV) pip $(LOCKED) --python $(PY); } || \
		$(PIP) $(LOCKED) --no-compile
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@$(PY) -m compileall -q -j 0 -x '/tests/' $(VENV)/lib src
	@touch $@

ocr: install ## add what reads scanned pages (130 MB); nothing else needs it
	@$(UV) pip install --require-hashes --no-deps -r requirements-ocr.lock --python $(PY) || \
		$(PIP) install --require-hashes --no-deps -r requirements-ocr.lock

demo: install ## run the flow on corpus/: the evidence, the score against gold/, where the files are
	@$(PY) flows/extract.py corpus --out out/demo --gold gold/corpus/evidence.csv

test: install ## run the tests
	@$(PY) -m pytest -q

check: install ## lint, format, types, the import rule
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@$(PY) -m pytest -q tests/test_imports.py

ocr-test: ocr ## test the reading of scanned pages (minutes)
	@$(PY) -m pytest -q tests/reading/test_ocr.py

gold: install ## score every gold set and hold it against the floor
	@$(PY) gold/gate.py

benchmarks: install ## measure speed; with DATA=DIR, score other people's corpora
ifdef DATA
	@$(PY) benchmarks/run.py "$(DATA)"
else
	@$(PY) -m pytest -q -m growth tests
	@$(PY) -m pytest -q benchmarks --benchmark-columns=median,iqr,rounds --benchmark-sort=name
endif

lock: install ## pin anew what pyproject.toml asks for
	@$(UV) pip compile pyproject.toml --group dev --extra postgresql --universal --generate-hashes --no-header --no-annotate \
		-o requirements.lock > /dev/null
	@$(UV) pip compile pyproject.toml --extra ocr --constraint requirements.lock --universal --generate-hashes \
		--no-header --no-annotate -o requirements-ocr.lock > /dev/null

clean: ## remove .venv and everything that was made
	@rm -rf $(VENV) out .prefect .mypy_cache .pytest_cache .ruff_cache .hypothesis .benchmarks
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
