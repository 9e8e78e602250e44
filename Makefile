# make run | serve | test | check | bench | format. Everything is put into .venv; data stays in data/.

PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-input

.PHONY: run serve test check lint bench format system-run system-test

run: system-run .venv/run.stamp
	@exec $(PY) manage.py serve

# The same for a real school: an empty database stays empty.
serve: system-run .venv/run.stamp
	@exec $(PY) manage.py serve --without-demo

# Both engines side by side, one on each core; ARGS are pytest's own. Checks come first, and do not hide the tests.
test: system-test .venv/test.stamp
	@status=0; \
	$(MAKE) --no-print-directory lint || status=1; \
	$(PY) tests/engines.py $(ARGS) </dev/null || status=1; \
	exit $$status

check: .venv/test.stamp lint
	@$(PY) -m pytest -q tests/test_conventions.py </dev/null

lint: .venv/test.stamp
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --quiet --check . || { echo "Not formatted: make format"; exit 1; }
	@$(PY) -m djlint --quiet --lint templates
	@folder=$$(mktemp -d) && \
	export TRUSTBOX_DATA_DIR=$$folder TRUSTBOX_URL=https://box.example.kz && unset DATABASE_URL && \
	$(PY) manage.py makemigrations --check --dry-run --verbosity=1 && \
	$(PY) manage.py check --deploy --fail-level=WARNING; \
	status=$$?; rm -rf $$folder; exit $$status

format: .venv/test.stamp
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format --quiet .

bench: system-test .venv/test.stamp
	@$(PY) -m benchmarks </dev/null

system-run:
	@sh deploy/system-packages.sh run

system-test:
	@sh deploy/system-packages.sh test

.venv/bin/pip: | system-run
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt | .venv/bin/pip
	@echo "Installing requirements.txt …"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/test.stamp: requirements.txt requirements-test.txt | .venv/bin/pip
	@echo "Installing requirements-test.txt …"
	@$(PIP) -r requirements-test.txt
	@touch $@ .venv/run.stamp
