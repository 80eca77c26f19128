#!/bin/sh
# Resolves pyproject.toml into the five lock files, all with the same pins. For maintainers; needs uv.
set -eu
compile="uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11"
$compile --group dev pyproject.toml -o requirements-dev.lock
$compile -c requirements-dev.lock pyproject.toml -o requirements.lock
$compile -c requirements-dev.lock --group dev --group browser pyproject.toml -o requirements-browser.lock
$compile -c requirements-dev.lock --group dev --group api pyproject.toml -o requirements-api.lock
$compile -c requirements-dev.lock --group dev --group bench pyproject.toml -o requirements-bench.lock
