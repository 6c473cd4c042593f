# Two commands: `make demo` and `make test`. They need make and Python 3.11 or newer, no root and no token.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check lint wheel bench soak screens words
.DELETE_ON_ERROR:
.NOTPARALLEL:

BIN := .venv/bin
# Half as many again as there are cores: many tests wait for a peer at any moment.
WORKERS ?= $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) * 3 / 2 )))
PYTEST ?= $(BIN)/pytest -q -ra -n $(WORKERS) --dist loadfile --no-loadscope-reorder

help:  ## show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 16

demo: .venv/run.stamp .venv/tanggap.stamp  ## the whole desk with simulated phones, on this machine only
	@$(BIN)/tanggap demo $(ARGS)

test: .venv/dev.stamp .venv/tanggap.stamp  ## all tests but the wheel's; peers that are missing are named
	$(PYTEST) $(ARGS)

check: lint test wheel  ## what a change must pass: format, types, floors, tests, wheel

lint: .venv/dev.stamp .venv/tanggap.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --config importlinter.ini

wheel: .venv/dev.stamp .venv/tanggap.stamp
	$(BIN)/pytest -q -ra -m wheel tests/test_wheel.py tests/tanggap/test_operate_walk.py

bench: .venv/dev.stamp .venv/tanggap.stamp  ## ratios measured side by side, for docs/benchmarks.md
	$(BIN)/python -m bench $(ARGS)

soak: .venv/dev.stamp .venv/tanggap.stamp  ## kill -9 under load, one process and two: lost, doubled, swept twice
	$(BIN)/python -m bench.soak $(ARGS)
	$(BIN)/python -m bench.soak_two $(TWO)
	$(BIN)/python -m bench.soak_push $(PUSH)

screens: .venv/dev.stamp .venv/tanggap.stamp  ## pictures of every page in every width and theme
	$(BIN)/python -m bench.screens $(ARGS)

words: .venv/dev.stamp .venv/tanggap.stamp  ## collect the marked strings, compile the catalogues
	@$(BIN)/python -m tanggap.words

# The newest python of at least 3.11 that can make a virtual environment; Debian keeps that in a package of its own.
define MAKE_VENV
for name in python3.13 python3.12 python3.11 python3 python3.14; do \
  if $$name -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
    echo "Menyiapkan .venv dengan $$name ..."; exec $$name -m venv --clear .venv; \
  fi; \
done; \
if python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
  version=$$(python3 -c 'import sys; print("python3.%d-venv" % sys.version_info[1])'); \
  echo "Python tidak dapat membuat lingkungan virtual. Pasang dahulu: sudo apt install python3-venv (atau $$version)" >&2; \
else \
  echo "Diperlukan Python 3.11 atau lebih baru. Pasang dahulu: sudo apt install python3 python3-venv" >&2; \
fi; \
exit 1
endef

# uv is faster where it is there; pip, which reads this machine's own index settings, is always there.
define INSTALL
echo "Memasang $(1) (hanya bila daftar ini berubah) ..."; \
if command -v uv >/dev/null && uv pip install --python $(BIN)/python --require-hashes -r $(1); then :; \
else $(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r $(1); fi
endef

.venv/bin/pip:
	@$(MAKE_VENV)

.venv/run.stamp: requirements/run.txt | .venv/bin/pip
	@$(call INSTALL,requirements/run.txt)
	@touch $@

# The development set holds the run-time set, so one of them is enough.
.venv/dev.stamp: requirements/dev.txt requirements/run.txt | .venv/bin/pip
	@$(call INSTALL,requirements/dev.txt)
	@touch .venv/run.stamp $@

.venv/tanggap.stamp: pyproject.toml hatch_build.py | .venv/bin/pip
	@test -e .venv/run.stamp
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
