# One word for what is done by habit. Everything runs in .venv, which any target makes when it is needed.
PYTHON ?= python3
export NO_MKDOCS_2_WARNING := 1
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed

PYTEST := $(BIN)/pytest
PARALLEL := -n auto --dist loadgroup

.PHONY: build test test-fast soak lint lint-prose golden bench clean

build: $(STAMP)
	$(BIN)/toolkit generate reference
	$(BIN)/toolkit generate examples
	$(BIN)/toolkit generate python
	$(BIN)/toolkit generate site
	$(BIN)/toolkit changelog
	$(BIN)/mkdocs build --strict
	$(BIN)/toolkit finish

test: $(STAMP)
	$(PYTEST) $(PARALLEL) -m "not soak"

test-fast: $(STAMP)
	$(PYTEST) $(PARALLEL) -m "not slow and not soak"

soak: $(STAMP)
	$(PYTEST) -m soak

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.lint.sizes

lint-prose: $(STAMP)
	$(BIN)/python -m tests.lint.prose

golden: $(STAMP)
	$(PYTEST) tests/golden tests/snapshots --golden

bench: $(STAMP)
	$(BIN)/python -m tests.bench

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build dist
