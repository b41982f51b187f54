# Everything is set up by itself: the first target you run makes .venv from requirements.lock.
# Works with GNU make 3.81 (macOS) and later. `make help` lists the targets.

VENV  := .venv
STAMP := $(VENV)/.made-for
RUN   := $(VENV)/bin/python

# Which Python makes .venv: the first of these that is 3.11 or newer. `make PYTHON=/path/to/python3 test` decides.
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3 python3.13 python3.12 python3.11)

# The stamp is written last and holds the folder .venv was made for, so a venv that is half made, that was moved
# with its folder, or whose Python has gone is made again from scratch.
READY := $(shell test "`cat $(STAMP) 2>/dev/null`" = "$(CURDIR)" && $(RUN) -c '' 2>/dev/null && echo yes)

# nbgrader starts `alembic`, Jupyter its kernels and exporters, by name.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Hundreds of Pythons are started: without their caches each would compile all of the course again.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(RUN) -m pip --disable-pip-version-check --no-input -qq
# A process per core and one more; tests are handed out in their order, so the fast ones come first.
PYTEST := $(RUN) -m pytest --numprocesses auto

.PHONY: help setup grade site test test-all test-fast test-numpy build lint format bench lock clean FORCE

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

grade: setup ## grade a generated class: submissions, marks, feedback pages, report
	@$(RUN) -m autograder demo

test: setup ## run the tests, the fast ones first (ARGS="-k padding" chooses)
	@echo "Running the tests, fast ones first: takes some minutes ..."
	@$(PYTEST) -m "not browser and not server and not again" $(ARGS)

test-all: setup ## run every test, those that need a browser or a server too
	@echo "Running all tests, fast ones first: takes a quarter of an hour ..."
	@$(PYTEST) $(ARGS)

test-fast: setup ## run the tests that take seconds
	@$(PYTEST) -m "not slow" $(ARGS)

test-numpy: setup ## run the course on the oldest packages and on the newest NumPy
	@$(RUN) -m pytest tests/test_numpy_range.py $(ARGS)

site: setup ## build the course as a site that runs in the browser (ARGS="--pyodide DIR": offline)
	@$(RUN) -m autograder site $(ARGS)

build: setup ## rebuild every derived file from its source
	@$(RUN) -m autograder build

lint: setup ## check style and formatting
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .

format: setup ## format the code and fix what ruff can fix
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

bench: setup ## measure the grader's speed
	@$(RUN) -m benchmarks

lock: setup ## refresh requirements.lock with the newest versions pyproject.toml allows
	@echo "Resolving requirements.lock for Python 3.11 and later ..."
	@$(VENV)/bin/uv pip compile pyproject.toml --extra site --extra postgresql --group dev --group build --upgrade \
	  --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  --no-emit-index-url --no-emit-find-links --output-file requirements.lock

clean: ## remove .venv and caches; build/ stays, for it may hold a class's submissions and gradebook
	@rm -rf $(VENV) .cache .hypothesis .pytest_cache .ruff_cache *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup: $(STAMP)

$(STAMP): pyproject.toml requirements.lock $(if $(READY),,FORCE)
	@rm -f $(STAMP); \
	if [ -n "$(READY)" ]; then \
	  echo "Updating $(VENV) to requirements.lock ..."; \
	else \
	  python=; \
	  for candidate in $(CANDIDATES); do \
	    if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	      python=$$candidate; break; \
	    fi; \
	  done; \
	  if [ -z "$$python" ]; then \
	    echo "Python 3.11 or newer is needed, and none of these is one: $(CANDIDATES). Install it, or say which: make PYTHON=/path/to/python3" >&2; \
	    exit 1; \
	  fi; \
	  version=`"$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'`; \
	  if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "Python $$version has no venv module here. On Debian and Ubuntu: apt install python3-venv (or python$$version-venv), then run make again" >&2; \
	    exit 1; \
	  fi; \
	  echo "Setting up $(VENV) with Python $$version from requirements.lock: about a minute, once ..."; \
	  rm -rf $(VENV) && "$$python" -m venv $(VENV) || exit 1; \
	fi; \
	$(PIP) install --require-hashes -r requirements.lock && \
	$(PIP) install --no-deps --no-build-isolation -e . && \
	echo "$(CURDIR)" > $(STAMP)

FORCE:
