#!/bin/sh
# On the portal's machine, as its user, once the database is back at the minute of $1.
set -eu
cd "$(dirname "$0")/../.."
set -a
[ ! -r /etc/portal.env ] || . /etc/portal.env
set +a
exec .venv/bin/python manage.py gone_back "$@"
