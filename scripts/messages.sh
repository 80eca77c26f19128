#!/bin/sh
# Collects every message of the sources into the catalogues of locale/ and compiles them.
# Afterwards, messages without a translation stand empty there: translate them and run it again.
set -eu
PYTHON=${1:-.venv/bin/python}
"$PYTHON" manage.py makemessages --all --no-location --no-wrap --no-obsolete --ignore=.venv --ignore=.venv-bench
for catalogue in locale/*/LC_MESSAGES/django.po; do
    sed -i '/^"POT-Creation-Date/d' "$catalogue" # or each run would make another file
    msgfmt --check -o "${catalogue%.po}.mo" "$catalogue"
done
