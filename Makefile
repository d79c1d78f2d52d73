# Hearsay's commands; `make help` lists them. The work is done in Python (config/run.py, config/environment.py).
PYTHON ?= python3
SERVE ?= 1
VENV := .venv/bin
PACKAGES := config review ingest exchange claims sources documents accounts extraction grading
TESTS ?= tests
CELERY := env OMP_NUM_THREADS=1 $(VENV)/celery -A config worker --loglevel INFO --without-gossip --without-mingle --without-heartbeat

.DEFAULT_GOAL := help
.PHONY: help setup run worker test browser fix check evaluate bench-data bench bench-engine fuzz lock screenshots stop

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /make \1|/' | awk -F'|' '{printf "  %-18s %s\n", $$1, $$2}'

setup: ## Make the Python environment .venv, with the tools for checks and tests
	@$(PYTHON) -I config/environment.py --dev

run: ## Run everything on http://localhost:8000/ with sample documents (PORT=8001 chooses a port, SERVE=0 ends after the samples)
	@$(PYTHON) -I config/environment.py --label "[1/7] "
	@exec $(VENV)/python -m config.run $(if $(PORT),--port $(PORT)) $(if $(filter 0,$(SERVE)),--no-serve)

stop: ## Stop what a killed run left behind, and the private database clusters
	@$(VENV)/python -m config.run --stop

worker: ## One more Celery worker, on the database in DATABASE_URL or the private one
	@exec $(CELERY)

test: setup ## Everything, on real PostgreSQL, with real workers and a real browser (TESTS=tests/claims for a part, COVERAGE=1 for its table)
	@$(VENV)/python -m config.postgres_binaries
	@$(VENV)/python -m config.chromium || test -z "$$CI"
	@$(VENV)/python -m pytest $(TESTS) -n 2 --dist loadgroup --cov --cov-report=$(if $(COVERAGE),term) $(if $(filter tests,$(TESTS)),--cov-fail-under=90)

browser: setup ## The browser tests alone
	@$(VENV)/python -m config.chromium
	@$(VENV)/python -m pytest tests -m browser

fix: setup ## Format, and repair what the linter can repair
	@$(VENV)/ruff format .
	@$(VENV)/ruff check --fix .

check: setup ## Everything that needs no test: style, types, imports between packages, migrations, production settings
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/mypy --config-file= --strict --python-version 3.11 clients/python/hearsay_client.py
	$(VENV)/lint-imports
	$(VENV)/python -W "ignore:Got an error checking" manage.py makemigrations --check --dry-run --settings config.settings_test
	SECRET_KEY=$$($(VENV)/python -c "import secrets; print(secrets.token_urlsafe(50))") HEARSAY_HTTPS=true \
		$(VENV)/python manage.py check --deploy --fail-level WARNING --settings config.settings

evaluate: setup ## Measure the engine (WRITE=1 keeps the figures, MISSES=20 shows what goes wrong; more: docs/engine.md)
	@OMP_NUM_THREADS=1 $(VENV)/python -m training.scripts.evaluate_engine $(if $(WRITE),--write) $(if $(MISSES),--misses $(MISSES))

bench-data: setup ## A database of a million claims to measure on, beside the one people work with (CLAIMS=200000: a smaller one beside it)
	@OMP_NUM_THREADS=1 $(VENV)/python -m tests.bench.build $(if $(CLAIMS),--claims $(CLAIMS))

bench: setup ## Records, pages and every list with a million claims; make bench-data comes first (CLAIMS=200000, ONLY=lists)
	@OMP_NUM_THREADS=1 $(VENV)/python -m tests.bench.measure $(if $(CLAIMS),--claims $(CLAIMS)) $(if $(ONLY),--only $(ONLY))

bench-engine: setup ## Time, memory and size of the engine (LIMIT=2000 texts for the memory, ONLY=time, memory or size)
	@OMP_NUM_THREADS=1 $(VENV)/python -m training.scripts.bench_engine $(if $(LIMIT),--limit $(LIMIT)) $(if $(ONLY),--only $(ONLY))

fuzz: setup ## Random, huge and endless texts through the engine, and random calls to the API (MINUTES=5, SEED=1, ONLY=random, size, growth or api; PARTS=claims,stateful of it)
	@$(if $(filter api,$(ONLY)),,OMP_NUM_THREADS=1 $(VENV)/python -m tests.fuzz_engine $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY)))
	@$(if $(filter-out api,$(ONLY)),,env HEARSAY_API_EXAMPLES=100 HEARSAY_API_PHASES=examples,coverage,fuzzing HEARSAY_API_PARTS=$(or $(PARTS),each) \
		$(if $(SEED),HEARSAY_API_SEED=$(SEED)) $(VENV)/python -m pytest tests/api/test_operations.py --no-cov -s)

screenshots: setup ## The pictures in docs/, and every page light and dark, on a desktop and a phone, into build/screenshots
	@$(VENV)/python -m config.chromium
	@$(VENV)/python -m pytest tests/browser/test_screenshots.py --no-cov --screenshots docs/images --pages build/screenshots

lock: ## Compile requirements.in and requirements-dev.in into the hash-pinned lock files
	@$(VENV)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header -o requirements.txt requirements.in
	@$(VENV)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header -o requirements-dev.txt requirements-dev.in
