#!/bin/sh
# Collects every message of the sources into the catalogues of locale/ and compiles them.
# Afterwards, messages without a translation stand empty there: translate them and run it again.
set -eu
PYTHON=${1:-.venv/bin/python}
"$PYTHON" manage.py makemessages --all --no-location --no-wrap --no-obsolete --ignore=.venv --ignore=.venv-bench
for catalogue in locale/*/LC_MESSAGES/django.po; do
    # A guess that looks like another message is worse than none; a date would make each run another file.
    msgattrib --force-po --clear-fuzzy --empty --only-fuzzy --no-wrap --no-obsolete -o "$catalogue.guessed" "$catalogue"
    msgattrib --force-po --no-fuzzy --no-wrap --no-obsolete -o "$catalogue.sure" "$catalogue"
    msgcat --force-po --no-wrap "$catalogue.sure" "$catalogue.guessed" | sed '/^"POT-Creation-Date/d' > "$catalogue"
    rm "$catalogue.sure" "$catalogue.guessed"
    msgfmt --check -o "${catalogue%.po}.mo" "$catalogue"
done
