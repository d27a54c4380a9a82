# One word for each habit. Everything runs in .venv, which is made when it is needed: `build` installs what the main job
# needs, everything else what developing needs.
PYTHON ?= python3
export NO_MKDOCS_2_WARNING := 1
VENV := .venv
BIN := $(VENV)/bin
BUILDING := $(VENV)/building
DEVELOPING := $(VENV)/developing
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -e ./toolkit -e

PYTEST := $(BIN)/pytest
PARALLEL := -n auto --dist loadgroup

.PHONY: build test test-fast soak fuzz lint golden bench clean

build: $(BUILDING)
	$(BIN)/toolkit generate site --quiet --config site/demo/toolkit.toml
	$(BIN)/toolkit build

test: $(DEVELOPING)
	$(PYTEST) $(PARALLEL) -m "not soak"

test-fast: $(DEVELOPING)
	$(PYTEST) $(PARALLEL) -m "not slow and not soak"

soak: $(DEVELOPING)
	$(PYTEST) -m soak

fuzz: $(DEVELOPING)
	$(BIN)/python -m tests.fuzz

lint: $(DEVELOPING)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.lint.sizes
	$(BIN)/python -m tests.lint.prose

golden: $(DEVELOPING)
	$(PYTEST) tests/golden tests/snapshots --golden

bench: $(DEVELOPING)
	$(BIN)/python -m tests.bench

$(BUILDING): pyproject.toml toolkit/pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) '.[site]'
	touch $@

# The releases that CI tests, by hash, are those for Python 3.11; with any other, the newest that pyproject.toml allows.
$(DEVELOPING): pyproject.toml toolkit/pyproject.toml requirements/ci.txt
	$(PYTHON) -m venv $(VENV)
	if $(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/ci.txt && \
	  $(INSTALL) . --no-deps --no-build-isolation; \
	else \
	  $(INSTALL) '.[dev]'; \
	fi
	touch $(BUILDING) $@

clean:
	rm -rf $(VENV) build dist
