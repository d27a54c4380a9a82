# One word for each habit. Everything runs in .venv, which is made when it is needed: `build` installs what the main job
# needs, everything else what developing needs.
PYTHON ?= python3
export NO_MKDOCS_2_WARNING := 1
VENV := .venv
BIN := $(VENV)/bin
BUILDING := $(VENV)/building
DEVELOPING := $(VENV)/developing
NATIVE := $(VENV)/native
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -e ./toolkit -e

PYTEST := $(BIN)/pytest
PARALLEL := -n auto --dist loadgroup

.PHONY: build native test test-fast soak fuzz lint golden bench clean

build: $(BUILDING)
	$(BIN)/toolkit generate site --quiet --config site/demo/toolkit.toml
	$(BIN)/toolkit build

test: $(NATIVE) $(DEVELOPING)
	$(PYTEST) $(PARALLEL) -m "not soak"

test-fast: $(NATIVE) $(DEVELOPING)
	$(PYTEST) $(PARALLEL) -m "not slow and not soak"

soak: $(NATIVE) $(DEVELOPING)
	$(PYTEST) -m soak

fuzz: $(NATIVE) $(DEVELOPING)
	$(BIN)/python -m tests.fuzz

lint: $(DEVELOPING)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.lint.sizes
	$(BIN)/python -m tests.lint.prose

golden: $(DEVELOPING)
	$(PYTEST) tests/golden tests/snapshots --golden

bench: $(NATIVE) $(DEVELOPING)
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

# What is in C, where it can be compiled: tests of it are skipped otherwise.
$(NATIVE): $(DEVELOPING) toolkit/hatch_build.py $(wildcard toolkit/runtime/native/*.[ch])
	-$(BIN)/python toolkit/hatch_build.py
	touch $@

native: $(NATIVE)

clean:
	rm -rf $(VENV) build dist
