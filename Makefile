# The few commands everyone uses. `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
SCHOOL_PORT ?= 8001
ARGS ?=
export PYTHONUTF8 = 1
export PORT SCHOOL_PORT
# Left over from other work in the same shell, these would send our commands elsewhere.
unexport DJANGO_SETTINGS_MODULE PYTHONHOME PYTHONPATH GUNICORN_CMD_ARGS PYTEST_ADDOPTS VIRTUAL_ENV
PY = .venv/bin/python
LOCK = $(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.PHONY: help run test lint format lock check clean
help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 14

# make starts a plain command by itself, so that a signal to make reaches the platform and not a shell between.
run: export DEMO = 1
run: ## the demo: site on PORT (8000), a demo school on SCHOOL_PORT (8001); Ctrl-C ends all
	@$(PYTHON) deploy/bootstrap.py
	@$(PY) manage.py serve_demo

test: ## the whole suite on SQLite, on PostgreSQL with Redis, and in a browser; ARGS="-k name" for some of it
	@$(PYTHON) deploy/bootstrap.py --dev
	@$(PY) -m accounting_platform.tests.run $(ARGS)

lint: ## formatting, common mistakes, imports that run one way
	@$(PYTHON) deploy/bootstrap.py --dev
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -c "from importlinter.cli import lint_imports_command as run; run()"

format: ## writes what lint would complain about
	@$(PYTHON) deploy/bootstrap.py --dev
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

lock: ## writes requirements*.txt anew from requirements*.in
	@$(PYTHON) deploy/bootstrap.py --dev
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-sms.in -o requirements-sms.txt
	$(LOCK) requirements-s3.in -o requirements-s3.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	echo uv==0.13.9 | $(LOCK) - -o deploy/uv.txt

check: ## what this machine lacks; whether the settings (the demo's, without SECRET_KEY in the environment) will do
	@$(PYTHON) deploy/bootstrap.py
	@$(PY) -m accounting_platform.tests.services
	@if [ -n "$$SECRET_KEY" ]; then $(PY) manage.py check --deploy; else DEMO=1 $(PY) manage.py check; fi

clean: ## removes the virtual environment and all data of the demo
	rm -rf .venv var staticfiles .pytest_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
