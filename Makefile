# Commands of the project; `make` alone lists them. Only git, make and Python 3.11 to 3.13 are needed beforehand.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
unexport PYTHONDONTWRITEBYTECODE

# The first Python that fits; `make PYTHON=/path/to/python3.13 run` chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo $$p; exit; }; \
	done; echo python3)
BIN := .venv/bin
ARGS ?=

define need
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11, 3.12 or 3.13 (on Debian and Ubuntu: apt-get install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) requirements/install.py $(1)
endef

.PHONY: help
help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run:  ## start the server on 127.0.0.1:8000 (HOST, PORT, HIGHERSTUDY_HOME, DATABASE_URL)
	$(call need,run)
	@exec $(BIN)/higherstudy serve $(ARGS)

.PHONY: test
test:  ## run every test, two files at a time (ARGS="-k words" for some of them, ARGS="-n 0" one after another)
	$(call need,test)
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder $(ARGS)

.PHONY: soak
soak: setup laws  ## try the laws on a million cases, then play 100,000 simulated worlds (SEEDS=5000; ARGS="--seed 4711" replays one and prints its steps)
	@SEEDS=$${SEEDS:-100000} PYTHONPATH=tests $(BIN)/python -m simulation.soak $(ARGS)

.PHONY: laws
laws: setup  ## try the laws of the core on a million random cases (LAW_TIMES=100)
	@LAW_TIMES=$${LAW_TIMES:-100} $(BIN)/python -m pytest --numprocesses=2 --dist=worksteal -m law $(ARGS)

.PHONY: audit
audit: setup  ## look for pins with a published weakness (ARGS=--live fails where the advisory service does not answer)
	@$(BIN)/python requirements/audit.py $(ARGS)

.PHONY: fuzz
fuzz: setup  ## ask every operation as everybody for all that the OpenAPI document allows and forbids (COUNT=100000 SEED=1)
	@COUNT=$${COUNT:-100000} SEED=$${SEED:-1} PYTHONPATH=tests $(BIN)/python -m fuzzing $(ARGS)

.PHONY: fuzz-files
fuzz-files: setup  ## feed each parser of files 50,000 damaged ones (FUZZ_TIMES=25 times those of the tests)
	@FUZZ_TIMES=$${FUZZ_TIMES:-25} $(BIN)/python -m pytest --numprocesses=2 --dist=worksteal tests/unit/test_hostile_files.py $(ARGS)

.PHONY: mutants
mutants: setup  ## make small mistakes in the core and count those that the tests notice (ARGS=--write lists the others)
	@PYTHONPATH=tests LAW_TIMES=0.02 $(BIN)/python -m mutation.run $(ARGS)

.PHONY: setup
setup:  ## bring .venv to the pinned packages, and nothing else
	$(call need,test)

.PHONY: check
check: setup  ## check format, lint, strict types, import contracts and that drawn pages are fresh, then run every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/states.py --check
	$(BIN)/python deploy/grafana/dashboard.py --check
	@$(MAKE) test

.PHONY: format
format: setup  ## format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: bench
bench: setup  ## measure, and print the ratios to the bare limit of the same run
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: pins
pins: setup  ## take the newest fitting packages into requirements/*.txt
	@sh requirements/pins.sh

.PHONY: clean
clean:  ## remove what was built; the data of a server is kept
	rm -rf .venv build dist mutants mutants.* *.egg-info src/*.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
