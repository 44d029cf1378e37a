# make demo · make test: either works as the first and only command on a fresh machine with Python 3.11 or newer.
VENV ?= .venv
EXTRAS ?= test
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := $(VENV)/bin
STAMP = $(VENV)/.installed-$(EXTRAS)

.PHONY: demo test fuzz lint types torture schema clean
.PHONY: bench-archive bench-budget bench-extract bench-hostile bench-scale bench-text bench-week bench-year
.DELETE_ON_ERROR:

demo: $(STAMP)
	$(BIN)/newsspider demo

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

# The property tests, with other inputs each time, until one of them fails.
fuzz: $(STAMP)
	while $(BIN)/python -m pytest -q -n auto --hypothesis-profile=fuzz $(or $(ARGS),$$(grep -rl @given tests)); do :; done

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

$(VENV)/.installed-%: pyproject.toml constraints.txt
ifeq ($(strip $(PYTHON)),)
	$(error newsspider needs Python 3.11 or newer, and none was found: install it (Debian and Ubuntu: apt install python3 python3-venv) or name one with make PYTHON=/path/to/python3.12)
endif
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "The venv module is missing: install it first (Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$*]'
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache

schema: $(STAMP)
	$(BIN)/python -c 'import json; from pipelines.store.records import schema; print(json.dumps(schema(), indent=1))' > data/record.schema.json

torture: $(STAMP)
	$(BIN)/python -m tests.torture $(ARGS)

bench-archive: $(STAMP)
	$(BIN)/python -m bench.archive.rebuild $(ARGS)

# The other extractors come with some twenty packages that nothing else needs.
bench-extract: $(VENV)/.installed-test,bench
	$(BIN)/python -m bench.extraction $(ARGS)

bench-budget: $(STAMP)
	$(BIN)/python -m bench.crawl.budget $(ARGS)

bench-hostile: $(STAMP)
	$(BIN)/python -m bench.crawl.hostile

# A simulated year of a mirror, with the site's own log as the judge: ARGS="--articles 100000 --days 365".
bench-year: $(STAMP)
	$(BIN)/python -m bench.crawl.year $(ARGS)

bench-week: $(STAMP)
	$(BIN)/python -m bench.crawl.week $(ARGS)

bench-scale: $(STAMP)
	$(BIN)/python -m bench.crawl.scale sites $(ARGS)
	$(BIN)/python -m bench.crawl.scale addresses $(ARGS)

bench-text: $(STAMP)
	$(BIN)/python -m bench.text $(ARGS)
