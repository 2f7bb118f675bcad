# Two commands: `make run` and `make test`. Only Python 3.11+, make and the Python package registry are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
MINUTES ?= 10
export PORT

.PHONY: run test check bench faults audit install install-dev messages lock clean

$(VENV)/.runtime: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 run")'
	@$(PYTHON) tools/install.py $< $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@$(PYTHON) tools/install.py $< $@

install: $(VENV)/.runtime
install-dev: $(VENV)/.dev

messages: install
	@$(BIN)/python tools/messages.py compile

run: messages
	@$(BIN)/python tools/run.py

test: install-dev messages
	$(BIN)/python tools/test.py $(ARGS)

check: install-dev messages
	$(BIN)/python tools/check.py

bench: install-dev messages
	$(BIN)/python tools/bench.py

faults: install-dev messages
	PYTHONPATH="$(CURDIR)" $(BIN)/python -m tools.faults --minutes $(MINUTES) $(ARGS)

audit: install-dev
	@$(BIN)/python tools/audit.py

# After a change of the dependencies in pyproject.toml: versions and hashes, without the name of any index.
LOCK = uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 pyproject.toml
lock: install
	PATH="$(CURDIR)/$(BIN):$$PATH" $(LOCK) --output-file requirements.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" $(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	@$(PYTHON) tools/clean.py
