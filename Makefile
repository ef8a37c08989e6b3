# make run     set everything up, print the verdict on a treaty and open the app on it
# make test    set everything up and pass all tests
# make check   format, lint, types and import contracts only
# make bench   measure, side by side with what else can be installed
# make docs    write the reference pages anew

PYTHON ?= $(shell command -v python3.11 || command -v python3)
TREATY ?= us-china-2015
PORT ?= 8501
BIN := .venv/bin
RUN := .venv/.run-stamp
DEV := .venv/.dev-stamp
NEGMAS := build/peers/negmas

.PHONY: setup run test check format lint type contracts unit browser bench docs lock clean

setup: $(RUN)

run: $(RUN)
	@$(BIN)/negotiate analyze "$(TREATY)" || [ $$? -eq 1 ]
	@$(BIN)/negotiate app "$(TREATY)" --port $(PORT)

test: $(DEV) lint type contracts unit

check: $(DEV) lint type contracts

$(RUN): requirements.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh .ci/setup requirements.lock
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh .ci/setup requirements-dev.lock
	@touch $(RUN) $@

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

type: $(DEV)
	$(BIN)/mypy

contracts: $(DEV)
	$(BIN)/lint-imports

unit: $(DEV)
	@sh .ci/browser
	$(BIN)/pytest -q

browser: $(DEV)
	@sh .ci/browser
	$(BIN)/pytest -q -m browser

bench: $(DEV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r benchmarks/peers.txt || echo 'bench: some peers could not be installed; their lines say so'
	@[ -e $(NEGMAS)/.stamp ] || { $(PYTHON) -m venv $(NEGMAS) && $(NEGMAS)/bin/pip install --quiet --disable-pip-version-check -r benchmarks/peers_negmas.txt && touch $(NEGMAS)/.stamp; } || echo 'bench: NegMAS could not be installed; its lines say so'
	$(BIN)/python -m benchmarks

docs: $(DEV)
	$(BIN)/python docs/make_reference.py

lock:
	uv pip compile pyproject.toml --python-version 3.11 --no-header --no-emit-index-url --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --extra dev -c requirements.lock --python-version 3.11 --prerelease if-necessary-or-explicit --no-header --no-emit-index-url --no-annotate -o requirements-dev.lock

clean:
	rm -rf build .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
