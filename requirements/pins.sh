#!/bin/sh
# Write the pins anew from pyproject.toml and *.in. One resolution of everything binds the smaller sets, so that a
# package has one version in all of them. The files hold hashes and no address: any mirror may serve them.
set -eu
cd "$(dirname "$0")/.."

pin() {
    .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --annotation-style line "$@"
}

pin requirements/tools.in --output-file requirements/tools.txt
pin pyproject.toml requirements/test.in --all-extras --constraint requirements/tools.txt \
    --output-file requirements/all.txt
# What a server can be told to use by its settings, it must have.
server="--extra server --extra postgres --extra embedded --extra redis --extra s3 --extra telemetry --extra fast"
server="$server --extra reports --extra segment --extra sendgrid --extra smtp --extra stripe --extra twilio"
# shellcheck disable=SC2086 - one word an extra
pin pyproject.toml $server --constraint requirements/all.txt --output-file requirements/run.txt
# shellcheck disable=SC2086
pin pyproject.toml requirements/test.in $server --extra contracts \
    --constraint requirements/all.txt --output-file requirements/test.txt
