# Everything a newcomer needs: `make run` and `make test`. The rest is for those who change Outspoken.
.PHONY: run test test-services test-browser test-api faults faults-mutants bench-delivery bench-drive bench-briefs bench-dashboards bench-import bench-signing lint lock demo
VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py

run:
	@sh scripts/bootstrap.sh $(VENV) requirements.lock
	@exec $(MANAGE) runlocal

test:
	@sh scripts/bootstrap.sh $(VENV) requirements-dev.lock
	@$(PY) -m pytest -q -n auto -m "not browser and not services"

test-services:
	@sh scripts/bootstrap.sh $(VENV) requirements-dev.lock
	@$(PY) scripts/services.py $(PY) -m pytest -q -n 2 -m "not browser"

test-browser:
	@sh scripts/bootstrap.sh $(VENV) requirements-browser.lock
	@$(PY) -m pytest -q -n 2 -m browser

test-api:
	@sh scripts/bootstrap.sh $(VENV) requirements-api.lock
	@$(PY) scripts/test_api.py

# Workers killed, frozen and cut off on purpose: nothing lost, nothing doubled.
faults:
	@sh scripts/bootstrap.sh $(VENV) requirements-dev.lock
	@$(PY) -m tests.faults --all --database postgres
	@$(PY) -m tests.faults --kills 300 --database sqlite --json

# Ten deliberate breakages of the delivery: each must be noticed.
faults-mutants:
	@sh scripts/bootstrap.sh $(VENV) requirements-dev.lock
	@$(PY) -m tests.faults --mutants --kills 60 --database postgres

# Letters a second beside smtplib, django-post_office, django-mailer and Celery, in a virtual environment of its own.
# More options: make bench-delivery BENCH="--memory 100000"
BENCH :=
bench-delivery:
	@sh scripts/bootstrap.sh .venv-bench requirements-bench.lock
	@.venv-bench/bin/python scripts/services.py --durable .venv-bench/bin/python -m bench.delivery $(BENCH)

# Leave-behinds for all of Congress (OUTSPOKEN_PUBLIC_DATA names the folder), and one beside a bare call of WeasyPrint.
bench-briefs:
	@sh scripts/bootstrap.sh $(VENV) requirements-dev.lock
	@$(PY) -m bench.briefs $(BENCH)

# Numbers and pages of a campaign with a million pledges. Smaller: make bench-dashboards BENCH=--quick
bench-dashboards:
	@sh scripts/bootstrap.sh $(VENV) requirements-dev.lock
	@$(PY) scripts/services.py --durable $(PY) -m bench.dashboards $(BENCH)

# More letters: make bench-drive BENCH="--letters 1000000"
bench-drive:
	@sh scripts/bootstrap.sh .venv-bench requirements-bench.lock
	@.venv-bench/bin/python scripts/services.py --durable .venv-bench/bin/python -m bench.big_drive $(BENCH)

# A list of supporters beside chunked bulk_create. Fewer rows: make bench-import BENCH="--rows 20000"
bench-import:
	@sh scripts/bootstrap.sh $(VENV) requirements-dev.lock
	@$(PY) scripts/services.py --durable $(PY) -m bench.supporter_import $(BENCH)

# Signatures a second on PostgreSQL and SQLite, beside the smallest view and a plain DRF create.
bench-signing:
	@sh scripts/bootstrap.sh $(VENV) requirements-dev.lock
	@$(PY) scripts/services.py --durable $(PY) -m bench.signing $(BENCH)

demo:
	@sh scripts/bootstrap.sh $(VENV) requirements.lock
	@$(MANAGE) demo

lint:
	@sh scripts/bootstrap.sh $(VENV) requirements-dev.lock
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .
	@$(PY) -m mypy contacts policy campaigns config
	@$(PY) -m djlint templates --lint --quiet
	@$(VENV)/bin/lint-imports

# For maintainers: needs uv. The files carry versions and hashes, no addresses.
lock:
	@sh scripts/lock.sh
