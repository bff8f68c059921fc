# What a contributor runs, from the quickest to everything. PYTHON=PATH names another interpreter.
PYTHON ?= $(if $(wildcard .venv/bin/python),.venv/bin/python,python3)
# Two processes: one's idle time is the other's. A test goes to whoever is free.
PYTEST = $(PYTHON) -m pytest -n 2 --dist worksteal

.PHONY: quick test check translations site ci

quick:  # the tests that need no TensorFlow: a minute
	$(PYTEST) -q -m no_tensorflow

test:  # README's line
	$(PYTEST)

check: quick  # what is told without training: quick, the style, the types
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

translations:  # compiles the Korean messages; needs pip install -e ".[translations]"
	$(PYTHON) -m babel.messages.frontend compile -d legacy_gan/locale -D legacy_gan

site:  # the documents as a site in build/site, English and Korean; a broken link or anchor fails. pip install -e ".[docs]"
	NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build --strict

ci:  # on every TensorFlow and Python of the support matrix, as CI does
	.ci/run
