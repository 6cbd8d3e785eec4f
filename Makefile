# Everything one does with this checkout. `make setup` is quick and silent when there is nothing left to do.

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-without-weights demo test check bench wheel clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## bring this machine to where Nearfield runs: packages, .venv, weights
	@$(PYTHON) agent/setup_machine.py

# What checking needs, without 700 MB of weights.
setup-without-weights:
	@$(PYTHON) agent/setup_machine.py --without-weights

demo: setup ## hear a whole conversation, from recordings
	@$(BIN)/nearfield demo

test: setup ## run every test
	@$(BIN)/pytest

check: setup-without-weights ## lint, format, types and the rules on who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy agent/setup_machine.py agent/setup_pip.py
	PYTHONPATH=agent:tools $(BIN)/lint-imports

bench: setup ## measure how well this machine chooses tools, and how fast
	@$(BIN)/nearfield bench choosing

wheel: setup-without-weights ## build dist/nearfield-VERSION-py3-none-any.whl
	$(BIN)/python -m build --wheel --no-isolation

clean: ## remove what was built and cached here; .venv and the weights stay
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find agent tools tests -name __pycache__ -type d -prune -exec rm -rf {} +
