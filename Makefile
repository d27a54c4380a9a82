# One word for what is done by habit. Everything runs in .venv, which any target makes when it is needed.
PYTHON ?= python3
export NO_MKDOCS_2_WARNING := 1
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed

.PHONY: build test lint golden bench clean

build: $(STAMP)
	$(BIN)/toolkit generate reference
	$(BIN)/toolkit generate examples
	$(BIN)/toolkit generate python
	$(BIN)/toolkit generate site
	$(BIN)/toolkit changelog
	$(BIN)/mkdocs build --strict
	$(BIN)/toolkit finish

test: $(STAMP)
	$(BIN)/pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.lint.module_sizes

golden: $(STAMP)
	$(BIN)/pytest tests/golden tests/snapshots --golden -p no:xdist -o addopts=-q

bench: $(STAMP)
	$(BIN)/python -m tests.bench

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build dist
