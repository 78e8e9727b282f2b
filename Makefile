# `make demo` and `make test` are enough on a fresh Debian machine: each installs what is missing.
.DEFAULT_GOAL := help
.PHONY: help demo test test-slow check bench messages lock clean
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
PACKAGES := assessment reports questionnaires
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# What WeasyPrint and the documents need from the system; looked for first, so that a second run asks nothing.
$(VENV)/.system: .ci/system-packages
	@bash .ci/system-packages
	@mkdir -p $(VENV) && touch $@

$(VENV)/.runtime: $(VENV)/.system requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Python packages into $(VENV) …"
	@$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime .ci/system-packages requirements-dev.txt
	@bash .ci/system-packages tests
	@echo "Installing the test tools …"
	@$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(VENV)/.runtime  ## set up, build a sample organisation, serve it on 127.0.0.1:8000
	@$(BIN)/assessment --instance instance/demo demo

test: $(VENV)/.dev  ## set up and run all tests (long simulations in their reduced form)
	@$(BIN)/pytest

test-slow: $(VENV)/.dev  ## the long simulations in full
	@$(BIN)/pytest --slow -m slow --no-cov

check: $(VENV)/.dev  ## lint, format, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: $(VENV)/.dev  ## performance, as ratios against a limit measured in the same run
	@$(BIN)/python -m benchmarks

messages: $(VENV)/.dev  ## bring the translation catalogues up to date with the source
	@$(BIN)/python -m reports.languages

lock: $(VENV)/.dev  ## write requirements*.txt anew from pyproject.toml
	@$(BIN)/pip install --quiet pip-tools
	@$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --build-deps-for editable --extra dev -o requirements-dev.txt pyproject.toml
	@$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --build-deps-for editable -c requirements-dev.txt -o requirements.txt pyproject.toml

clean:  ## remove the virtual environment, caches and the demo
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* *.egg-info instance/demo
