# Everything a newcomer needs: `make run`, `make test`. The environment is built once and only again when a lock changes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export NEWSFOLD_SHARED ?= ../shared

.DEFAULT_GOAL := help
.PHONY: help run test check fix evaluate bench lock clean browser

help:  ## say what there is to do
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/run.stamp  ## install, then ingest the samples and serve them on http://127.0.0.1:8000
	$(BIN)/newsfold demo

test: check browser  ## every check and every test, browser included
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(VENV)/test.stamp  ## lint, format, types, floors of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/test.stamp  ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser: $(VENV)/test.stamp
	@$(BIN)/python -m tests.browser.chromium

evaluate: $(VENV)/test.stamp  ## measure splitting, cleaning, repeats, stories and relevance on the shared data (some 4 minutes)
	$(BIN)/python -m tests.evaluation

bench: $(VENV)/test.stamp  ## measure what stories and repeats cost an article with the database, up to a million articles, how fast both engines answer beside others, also over HTTP, how fast formats are read and articles taken in (some 90 minutes, 20 GB)
	$(BIN)/python -m tests.bench.stories
	$(BIN)/python -m tests.bench.story_scale
	$(BIN)/python -m tests.bench.repeats
	$(BIN)/python -m tests.bench.search --plot docs/search.svg
	$(BIN)/python -m tests.bench.serving
	$(BIN)/python -m tests.bench.formats
	$(BIN)/python -m tests.bench.ingest

lock: $(VENV)/test.stamp  ## choose newest allowed versions and write their hashes to requirements/
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --group build pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --group build --group test --extra postgresql --extra tantivy --extra office pyproject.toml -o requirements/test.txt

clean:  ## remove the environment and what tools left behind; the archive in var/ stays
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Newsfold needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing Newsfold into $(VENV) (about a minute) ..."
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@echo "Installing the test tools ..."
	$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@
