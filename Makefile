# tour · test · lint · bench · docs: each sets up what it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := pyproject.toml CMakeLists.txt $(shell find cpp src/bindings -name '*.[ch]pp' -o -name CMakeLists.txt)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: tour test lint format bench bench-arrays bench-functions bench-distributions bench-planner docs sanitize build clean
.DEFAULT_GOAL := help

help:
	@echo "make tour    the whole story as one HTML page: tour.html"
	@echo "make test    every test, the README and the docstrings included"
	@echo "make lint    ruff, mypy, clang-format, codespell"
	@echo "make bench   us against every peer, as ratios: a sixth of the cases, some minutes"
	@echo "make bench-arrays  every case on arrays; ARGS=\"--csv FILE --only TEXT --named\""
	@echo "make bench-functions  every case on functions; ARGS=\"--csv FILE --only TEXT --named --slow --docs\""
	@echo "make bench-distributions  every case on laws of sums; ARGS=\"--csv FILE --only TEXT --slow --docs\""
	@echo "make bench-planner  the method that is chosen against each of our own, on random problems"
	@echo "make docs    the documentation in docs/_build/html"
	@echo "make sanitize  the core's tests under AddressSanitizer and UBSan"
	@echo "make build   sdist and wheel in dist/"

# --- what must be there, said in one line when it is not -----------------------------------
NEEDS := sudo apt install python3-venv python3-dev make g++
.PHONY: needs
needs:
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing: $(NEEDS)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "faltung needs Python 3.11 or newer, this is $$($(PYTHON) -V): install one and say make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "python3-venv is missing: $(NEEDS)"; exit 1; }
	@$(PYTHON) -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' \
	  || { echo "the Python headers are missing: $(NEEDS)"; exit 1; }
	@command -v $${CXX:-g++} >/dev/null || { echo "a C++ compiler is missing: $(NEEDS)"; exit 1; }

$(VENV)/pip.stamp: | needs
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade "pip>=25.1"
	@touch $@

# The package is installed editable: Python files are read in place, the core is rebuilt when its sources change.
$(VENV)/core.stamp: $(VENV)/pip.stamp $(SOURCES)
	$(BIN)/pip install -q --group build
	$(BIN)/pip install -q --no-build-isolation --editable . $(CORE_OPTIONS)
	@touch $@

$(VENV)/tour.stamp: $(VENV)/core.stamp
	$(BIN)/pip install -q --no-build-isolation --editable '.[tour]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/core.stamp
	$(BIN)/pip install -q --group test --no-build-isolation --editable '.[all]'
	@touch $@

$(VENV)/lint.stamp: $(VENV)/test.stamp
	$(BIN)/pip install -q --group lint
	@touch $@

$(VENV)/bench.stamp: $(VENV)/test.stamp
	$(BIN)/pip install -q --group bench
	@touch $@

$(VENV)/docs.stamp: $(VENV)/core.stamp
	$(BIN)/pip install -q --group docs
	@touch $@

# --- the commands ----------------------------------------------------------------------------
tour: $(VENV)/tour.stamp
	$(BIN)/faltung tour --out tour.html $(ARGS)

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/lint.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	git ls-files '*.cpp' '*.hpp' | xargs $(BIN)/clang-format --dry-run --Werror
	git ls-files | xargs $(BIN)/codespell

format: $(VENV)/lint.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files '*.cpp' '*.hpp' | xargs $(BIN)/clang-format -i

bench: $(VENV)/bench.stamp
	$(BIN)/python -m benchmarks --quick $(ARGS)

bench-arrays: $(VENV)/bench.stamp
	$(BIN)/python -m benchmarks $(ARGS)

bench-functions: $(VENV)/bench.stamp
	$(BIN)/python -m benchmarks.functions $(ARGS)

bench-distributions: $(VENV)/bench.stamp
	$(BIN)/python -m benchmarks.distributions $(ARGS)

bench-planner: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks.planner $(ARGS)

docs: $(VENV)/docs.stamp
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/_build/html

# The core under AddressSanitizer and UBSan, in an environment of its own, over the tests that reach it.
SANITIZED := build/sanitized
sanitize: | needs
	$(PYTHON) -m venv $(SANITIZED)
	$(SANITIZED)/bin/python -m pip install -q --upgrade "pip>=25.1"
	$(SANITIZED)/bin/pip install -q --group test --group build numpy scipy click
	$(SANITIZED)/bin/pip install -q --no-build-isolation --no-deps . -C build-dir=build/sanitize \
	  -C cmake.define.FALTUNG_SANITIZE=ON -C cmake.build-type=RelWithDebInfo -C install.strip=false
	LD_PRELOAD="$$($${CXX:-g++} -print-file-name=libasan.so) $$($${CXX:-g++} -print-file-name=libstdc++.so)" \
	ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 \
	$(SANITIZED)/bin/python -m pytest -q -p no:cacheprovider tests/arrays tests/distributions/discrete tests/distributions/weights tests/distributions/compounds tests/distributions/operations tests/nn/test_convolution.py tests/nn/test_layers.py \
	  tests/functions/test_cells.py tests/functions/test_chains.py tests/functions/test_lines.py tests/test_core.py tests/test_laws.py --deselect tests/test_core.py::test_no_memory_is_a_memory_error $(ARGS)

build: $(VENV)/core.stamp
	$(BIN)/python -m build

clean:
	rm -rf $(VENV) build dist docs/_build .pytest_cache .mypy_cache .ruff_cache
