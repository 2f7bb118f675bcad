"""A release: built, kept, read again, compared, written as files.

`identity` begins here: what this reaches is the version.
"""

from reports.statistics.releasing.building import build as build
from reports.statistics.releasing.building import draft as draft
from reports.statistics.releasing.building import fingerprint as fingerprint
from reports.statistics.releasing.building import publish as publish
