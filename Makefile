# `make demo` and `make test` are the two commands a newcomer needs; `make` alone lists all.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
export PYTHONWARNINGS :=

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow test-spark setup lint fmt types bench data data-check ecosystem new-check requirements clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "tagwise needs Python 3.11 or newer; none was found. Name one: make demo PYTHON=/path/to/python3.12"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 2; }
	$(PYTHON) -m venv .venv

.venv/installed-%: requirements/%.txt pyproject.toml setup.py $(wildcard src/tagwise/scanning/native/*) | .venv/bin/python
	$(PIP) install --quiet --require-hashes -r $<
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

setup: .venv/installed-test ## make .venv with everything that development needs

demo: .venv/installed-demo ## scan and audit the real files that pydicom ships, and write a report
	@sh tools/demo.sh

test: .venv/installed-test ## set up, check style, types and imports, run the tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto -m "not slow"

test-slow: .venv/installed-test ## run the tests that take longer
	$(BIN)/python -m pytest -n auto -m slow
	$(BIN)/python -m pytest -n auto -m "hypothesis and not slow" --hypothesis-profile "new examples"

test-spark: .venv/installed-test ## run all tests on Spark and its SQL (needs Java 17 or newer)
	$(BIN)/python -m pytest -n 0 tests/spark tests/checks/test_engines.py

lint: .venv/installed-test ## check style and imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

fmt: .venv/installed-test ## format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: .venv/installed-test ## check types
	$(BIN)/mypy

bench: .venv/installed-bench ## measure speed and memory beside other tools
	$(BIN)/python bench/scan.py
	$(BIN)/python bench/slow_storage.py
	$(BIN)/python bench/object_store.py
	$(BIN)/python bench/containers.py
	$(BIN)/python bench/audit.py
	$(BIN)/python bench/spark.py
	$(BIN)/python bench/pseudonyms.py
	$(BIN)/python bench/check.py
	$(BIN)/python bench/show.py
	$(BIN)/python bench/web.py
	$(BIN)/python bench/export.py

data: .venv/installed-test ## make the tables of the standard anew from pinned packages
	cd tools && for table in dictionary uids modules private deidentification values conditions functional_groups samples catalogue mirth_index coverage; do ../$(BIN)/python make_$$table.py || exit 1; done

data-check: .venv/installed-test ## compare the committed tables with what the makers give
	cd tools && for table in dictionary uids modules private deidentification values conditions functional_groups samples catalogue mirth_index coverage; do ../$(BIN)/python make_$$table.py --check || exit 1; done

catalogue: .venv/installed-test ## bring the table of checks up to date after adding or changing a check
	$(BIN)/python tools/make_catalogue.py

ecosystem: .venv/installed-test ## count what every check finds in real files, and store the counts
	$(BIN)/python tools/ecosystem.py $(if $(FOLDER),"$(FOLDER)" --table "$(TABLE)")

new-check: .venv/installed-test ## start the file of a check: make new-check NAME=folder/wrong-pattern [KIND=archive|value|element|dataset|object]
	$(BIN)/python tools/new_check.py "$(NAME)" $(KIND)

requirements: ## pin requirements/*.txt anew (needs uv)
	@for name in run test demo bench; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras \
	    --custom-compile-command "make requirements" requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean: ## remove what make made
	rm -rf .venv demo build bench/archive bench/checked src/*.egg-info src/tagwise/scanning/_kernel*.so
