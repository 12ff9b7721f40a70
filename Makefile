# The portal needs Python >= 3.11 with venv, and make. Everything else is installed into .venv.
.DEFAULT_GOAL := help
.PHONY: help demo test test-quick test-newest test-faults lint format types imports migrations-check deploy-check audit release-check check bench bench-search bench-large words html-check dcat-check lock fonts picture migrations messages clean

PY := .venv/bin/python
RUNTIME := sh .ci/venv requirements.txt
DEMO := sh .ci/venv requirements-demo.txt
DEV := sh .ci/venv requirements-dev.txt
SOURCES := manage.py portal programs volunteers welcome_rooms tests
LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet $(UPGRADE)
# For commands that need any database: a separate embedded PostgreSQL, stopped afterwards.
MANAGE := env -u DATABASE_URL PORTAL_MODE=test DATA_DIR=.data/make $(PY) manage.py
# The environment of a production installation, with invented values.
PRODUCTION := env -u DATA_DIR PORTAL_MODE=production SITE_URL=https://engagement.example.org \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	DATABASE_URL=postgresql://portal@127.0.0.1/portal DEFAULT_FROM_EMAIL=portal@example.org \
	EMAIL_URL=smtp+tls://user:word@mail.example.org:587

help: ## list every target
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "%-18s %s\n", $$1, $$2 }'

demo: ## run the portal with invented people; HOST, PORT and DATA_DIR from the environment
	@case "$${PORT:-8000}" in *[!0-9]*) echo "PORT muss eine Zahl sein, nicht $$PORT." >&2; exit 1; esac
	@$(DEMO)
	@PORTAL_MODE=demo exec $(PY) manage.py demo

test: ## run all tests but those of test-faults, one process for each core; choose some with ARGS="tests/portal/operations/test_health.py -k worker"
	@$(DEV)
	PORTAL_MODE=test $(PY) -m pytest $(or $(ARGS),-m "not faults" --numprocesses=logical --dist=worksteal)

test-quick: ## run the tests that need no browser and are not slow: under two minutes on two cores
	@$(DEV)
	PORTAL_MODE=test $(PY) -m pytest -m "not browser and not slow" --durations=10 --durations-min=0.4 --numprocesses=logical --dist=worksteal $(ARGS)

test-newest: ## run the quick tests with the newest Python, Django and packages, warnings as errors; PYTHON=python3.12 chooses
	sh .ci/newest $(ARGS)

test-faults: ## break a whole installation under load in every way, and print what happened; choose with ARGS="-k mail"
	@$(DEV)
	PORTAL_MODE=test $(PY) -m pytest tests/faults -m faults $(ARGS)

lint: ## check Python and templates for style and likely mistakes
	@$(DEV)
	$(PY) -m ruff check $(SOURCES)
	$(PY) -m ruff format --check $(SOURCES)
	$(PY) -m djlint --lint --quiet templates

format: ## format the Python code
	@$(DEV)
	$(PY) -m ruff check --fix $(SOURCES)
	$(PY) -m ruff format $(SOURCES)

types: ## check types
	@$(DEV)
	$(PY) -m mypy

imports: ## check that imports run downwards
	@$(DEV)
	PYTHONPATH=. .venv/bin/lint-imports

migrations-check: ## fail when a model has changed without a migration
	@$(DEV)
	$(MANAGE) makemigrations --check --dry-run; status=$$?; $(MANAGE) stop_postgresql; exit $$status

deploy-check: ## run Django's check of the production settings
	@$(RUNTIME)
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

audit: ## look for known vulnerabilities, licence problems, unsafe code and secrets
	@$(DEV)
	$(PY) -m tests.audit

release-check: migrations-check ## check that this tree can be released: version, changelog, migrations, lock files
	$(PY) -m tests.release

check: lint types imports migrations-check deploy-check audit test test-faults ## run everything that CI checks

bench-search: ## ask the search what people ask, and count the right answers
	@$(DEV)
	$(PY) -m tests.bench.search

words: ## measure how hard the public pages are to read; ARGS=-v prints the hardest sentences
	@$(DEV)
	$(PY) -m tests.bench.words $(ARGS)

html-check: ## check the HTML of all pages with the Nu HTML checker (needs Java and npm)
	@$(DEV)
	@VNU_JAR=$$(sh .ci/html-checker) && PORTAL_MODE=test VNU_JAR=$$VNU_JAR $(PY) -m pytest tests/house/test_html_checker.py $(ARGS)

dcat-check: ## check the catalogue of open data against the shapes (SHACL) in SHAPES=folder; CATALOGUE=file takes one that a portal gave
	@$(DEV)
	@$(PY) -m tests.dcat "$(SHAPES)" $(CATALOGUE)

bench: ## measure speed against bare Django
	@$(DEV)
	$(PY) -m tests.bench

bench-large: ## open the administration with a million people; SIZE=100000 is quicker, KEEP=1 keeps the data
	@$(DEV)
	$(PY) -m tests.bench.large $(ARGS)

lock: ## write the requirement files again from pyproject.toml; UPGRADE=--upgrade for newer versions
	@$(DEV)
	$(PY) -m pip install --quiet --disable-pip-version-check uv
	$(PY) -m uv pip compile $(LOCK) pyproject.toml -o requirements.txt
	$(PY) -m uv pip compile $(LOCK) pyproject.toml --group demo -c requirements.txt -o requirements-demo.txt
	$(PY) -m uv pip compile $(LOCK) pyproject.toml --group dev -c requirements-demo.txt -o requirements-dev.txt

fonts: ## create again the fonts for papers that weblate-fonts does not have
	@$(DEV)
	sh .ci/fonts

picture: ## draw again what other sites show of pages without a picture of their own
	@$(DEV)
	$(MANAGE) draw_picture

migrations: ## create migrations for changed models
	@$(DEMO)
	$(MANAGE) makemigrations; status=$$?; $(MANAGE) stop_postgresql; exit $$status

messages: ## collect the strings to translate into portal/locale (needs gettext)
	@$(DEMO)
	$(MANAGE) makemessages

clean: ## remove .venv, caches and .data (with all data of the demo)
	@for data in .data .data/test .data/make; do \
		test ! -x $(PY) -o ! -e $$data/postgresql/postmaster.pid || \
		PORTAL_MODE=demo DATA_DIR=$$data $(PY) manage.py stop_postgresql || true; done
	rm -rf .venv .data .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
