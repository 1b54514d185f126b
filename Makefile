# The commands of the project. `make run` and `make test` need git, make and Python 3.11 or newer with venv.
PYTHON ?= python3
PORT ?= 8000
REQUIRE ?=
ARGS ?=
VENV_PYTHON := .venv/bin/python
export PORT REQUIRE

.DEFAULT_GOAL := help
.PHONY: help run test gates shots bench bench-importing bench-reminders drill-reminders drill-redis drill-walks accounts manage messages lock \
	clean-data python

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Python 3.11 or newer is needed. Type this, then try again:"; echo; \
		echo "    sudo apt-get install python3 python3-venv"; echo; exit 1; }

run: python  ## set up everything and serve the portal at http://127.0.0.1:8000/ (PORT=… for another)
	@$(PYTHON) -m ops.bootstrap local
	@exec $(VENV_PYTHON) -m ops.run

test: python  ## the whole suite; ARGS="-k words" narrows it, REQUIRE=redis,chromium makes missing ones failures
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV_PYTHON) -m ops.testing -n 2 --dist loadgroup $(ARGS)

gates: python  ## the house rules alone: style, types, imports, migrations, translations, lengths
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV_PYTHON) -m ops.testing tests/gates $(ARGS)

shots: python  ## pictures of every page and state at both widths, and of the PDF pages, into var/shots
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV_PYTHON) -m ops.within test -- python -m tests.shots $(ARGS)

bench: python  ## the speed of the pages with much data, beside a bare Django view
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV_PYTHON) -m ops.within test -- python -m benchmarks.run $(ARGS)

bench-importing: python  ## reading a document of 500 pages: seconds, memory
	@$(VENV_PYTHON) -m benchmarks.importing_reading $(ARGS)
	@$(VENV_PYTHON) -m benchmarks.importing

bench-reminders: python  ## the scan of reminders over 100,000 milestones: seconds, memory, queries
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV_PYTHON) -m ops.within test -- python -m benchmarks.reminders $(ARGS)

drill-reminders: python  ## 10,000 reminders go out while workers and Redis are killed; two beats; no beat for a day (40 min)
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV_PYTHON) -m ops.within test -- python -m drills.run reminders beats outage $(ARGS)

drill-redis: python  ## people work while Redis is dead and while it is deaf; ARGS=short for the short one
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV_PYTHON) -m ops.within test -- python -m drills.run redis $(ARGS)

drill-walks: python  ## 5,000 random walks over the transition tables, 200 over the posts (SEED=… chooses others; one to two hours)
	@$(PYTHON) -m ops.bootstrap test
	@WALKS=5000 POSTS=200 SEED=$${SEED:-1} $(VENV_PYTHON) -m ops.testing tests/walks -n 2 --dist load -s $(ARGS)

accounts:  ## the demonstration accounts again
	@cat var/accounts.txt 2>/dev/null || echo "No accounts here: make run makes them once; lost passwords are set anew by an administrator."

manage: python  ## a management command in the portal's environment: make manage ARGS="check_invariants"
	@$(PYTHON) -m ops.bootstrap local
	@$(VENV_PYTHON) -m ops.within local -- python manage.py $(ARGS)

messages: python  ## collect the texts to translate into locale/*/LC_MESSAGES/django.po
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV_PYTHON) -m ops.within local -- python manage.py extract_messages

lock: python  ## resolve the parts anew and write the locks
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV_PYTHON) -m ops.lock

clean-data:  ## throw away the database, files and accounts of make run (asks first)
	@if [ -x $(VENV_PYTHON) ]; then $(VENV_PYTHON) -m ops.clean; else echo "There is nothing to clean."; fi
