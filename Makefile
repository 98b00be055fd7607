# Two commands do everything on a fresh Debian with Python 3.11 or later: make demo, make test.
.DELETE_ON_ERROR:
PYTHON ?= python3
VENV := build/venv
BIN := $(VENV)/bin
WHERE := build/demo
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo run test test-full test-oracles lint bench pins clean

demo: $(VENV)/ready  ## the main job on a sample workspace; without a screen: pictures, scorecard, datasets in build/demo
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/reviewer demo; \
	else rm -rf $(WHERE); QT_QPA_PLATFORM=offscreen $(BIN)/reviewer demo --offscreen $(WHERE); fi

run: $(VENV)/ready  ## open the window
	$(BIN)/reviewer open

test: $(VENV)/ready lint  ## everything that needs no server and no foreign environment
	mkdir -p build/coverage
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term:skip-covered

test-oracles:  ## our statistics against other people's libraries, in build/oracles
	packaging/oracles

test-full: test  ## with every library and server that our exports are for (about 3 GB under build/)
	packaging/real-libraries
	packaging/targets deepeval promptfoo ragas croissant presidio mlflow phoenix
	packaging/servers

lint: $(VENV)/ready  ## style, types, and which way imports run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/ready  ## ratios to limits measured in the same run, in build/bench.json
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks

$(VENV)/ready: packaging/requirements-dev.txt pyproject.toml packaging/debian-packages.txt
	packaging/system-packages
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --require-hashes -r packaging/requirements-dev.txt
	$(BIN)/pip install -q --no-deps --no-build-isolation --editable .
	touch $@

pins:  ## write packaging/requirements*.txt anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
	  --extra parquet -o packaging/requirements.txt
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
	  --extra parquet --group dev -o packaging/requirements-dev.txt
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
	  --extra parquet --group dev --group formats -o packaging/requirements-libraries.txt
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras \
	  --group dev --group oracles -o packaging/requirements-oracles.txt
	for group in phoenix mlflow deepeval ragas croissant presidio; do uv pip compile --group pyproject.toml:$$group --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-strip-extras -o packaging/requirements-$$group.txt; done

clean:
	rm -rf build
