# What one needs: `make demo` to try the portal, `make test` before a commit. CONTRIBUTING.md says more.
MUNICIPALITY ?= halmstad
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --durations=10

.DEFAULT_GOAL := help
.PHONY: help demo reset-demo test checks test-sqlite test-postgres lint format messages lock bench clean

help:
	@echo "make demo [MUNICIPALITY=flen] [PORT=8000]  try the portal on this machine"
	@echo "make reset-demo [MUNICIPALITY=flen]        throw the demo's data away"
	@echo "make test                                  lint, format, migrations, translations, tests"
	@echo "make format                                put the code in its usual form"
	@echo "make messages                              collect the texts that need translating"
	@echo "make bench                                 measure pages per second"
	@echo "make lock                                  renew the lock files"

demo: .venv/runtime locale/sv/LC_MESSAGES/django.mo
	@PORTAL_MODE=demo PORTAL_VAR_DIR="$(CURDIR)/var/$(MUNICIPALITY)" $(BIN)/python manage.py demo "$(MUNICIPALITY)" --port "$(PORT)"

reset-demo:
	rm -rf "var/$(MUNICIPALITY)"

test: test-sqlite test-postgres

# Both suites at once with `make -j2 -Otarget test`, as .ci/run does: while one waits for a browser
# or a database, the other works.
checks test-sqlite test-postgres: export PORTAL_MODE = test
checks test-sqlite test-postgres: export PORTAL_VAR_DIR = $(CURDIR)/var/test

checks: lint
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python tools/messages.py check

test-sqlite: checks
	$(PYTEST)

# A browser sees the same pages on either database: once is enough.
test-postgres: checks
	@if [ -n "$$TEST_POSTGRES_URL" ]; then \
	  echo "The same suite on PostgreSQL"; \
	  DATABASE_URL="$$TEST_POSTGRES_URL" $(PYTEST) -m "not browser"; \
	else \
	  echo "PostgreSQL: skipped, TEST_POSTGRES_URL is not set (.ci/run starts one)."; \
	fi

# Compiled where it is used; `make test` checks that it is complete.
locale/sv/LC_MESSAGES/django.mo: locale/sv/LC_MESSAGES/django.po | .venv/runtime
	@$(BIN)/python tools/messages.py compile

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: .venv/dev
	PORTAL_MODE=test $(BIN)/python tools/messages.py update

bench: .venv/dev
	$(BIN)/python tools/bench.py

# Needs uv on the path; the lock files hold versions and hashes, never where they came from.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv var

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; set PYTHON= to its name."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || [ "$$(id -u)" != 0 ] || \
	  { apt-get update -qq && apt-get install -y -qq python3-venv; }
	@$(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "Python's venv is missing: install it (Debian: apt install python3-venv)."; exit 1; }

.venv/runtime: requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/dev: requirements-dev.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/runtime
