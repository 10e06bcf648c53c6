# make bot   set up, bring the index up to date, start the bot
# make test  set up with the test extra; check style, types and behaviour
# make upgrade   take the newest versions of what is used, and run the tests with them
# make release   check and build what is published: wheel, source, and a list of what is used (SBOM)
# make peers set up the programs that benchmarks/peers compares this one with
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
# An address of PyTorch's CPU builds can be given here; the usual Linux build carries CUDA.
TORCH_INDEX ?=
TORCH := torch==2.13.0
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check

# Installs something, and says each quarter of a minute that it is still at it.
shown = echo "  $(1) ..."; begun=$$(date +%s); \
  (while sleep 15; do echo "    still at it after $$(($$(date +%s) - begun)) s"; done) & clock=$$!; \
  trap 'kill $$clock 2>/dev/null' EXIT; trap 'exit 130' INT TERM; $(PIP) $(2)

.PHONY: bot test build lock upgrade release peers check-types check-behaviour clean
.DELETE_ON_ERROR:

bot: $(VENV)/installed
	@$(BIN)/python -m bot

test: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --jobs 2 --no-print-directory check-types check-behaviour

check-types:
	$(BIN)/mypy

# A file's tests stay in one process, and the files keep their order: the last ones are quick.
check-behaviour:
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

build: $(VENV)/installed
	$(BIN)/python -m embeddings build

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo "Setting up in $(VENV); this is done once."
	@$(call shown,1 of 2: PyTorch,$(TORCH) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)))
	@$(call shown,2 of 2: the bot and its other libraries,--editable .)
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	@$(call shown,the tools of the tests,--editable '.[test]')
	@touch $@

peers: $(PEERS)/installed

# An environment of their own: what they bring along is not needed here.
$(PEERS)/installed: pyproject.toml benchmarks/peers/requirements.txt
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check $(TORCH) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX))
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --editable . --requirement benchmarks/peers/requirements.txt
	@touch $@

# Exact versions and digests for installs that repeat, and for the container.
lock: $(VENV)/installed-release
	UV=$(BIN)/uv deploy/lock.sh

upgrade: $(VENV)/installed-release
	UV=$(BIN)/uv deploy/lock.sh --upgrade
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	@$(MAKE) --no-print-directory test

release: $(VENV)/installed-release
	$(BIN)/python deploy/check_release.py
	rm -rf build dist
	$(BIN)/python -m build --quiet
	$(BIN)/twine check --strict dist/*
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --output-file dist/passage-bot.cdx.json
	@echo "To be published: dist/*, and the image that deploy/Containerfile makes."

$(VENV)/installed-release: $(VENV)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[release]'
	@touch $@

clean:
	rm -rf $(VENV) $(PEERS) var .pytest_cache .mypy_cache .ruff_cache .hypothesis
