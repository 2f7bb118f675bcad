"""Atom feeds of the public calls: all of them, and those that serve a purpose."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Max, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from grants.programmes import catalogue
from grants.programmes.finding.vocabulary import topics
from grants.programmes.models import Call, CallQuerySet
from portal import clock
from portal.audit.models import Event
from portal.ui.limits import READS, limited
from portal.workflow.access import anyone

MOST = 50  # calls, the newest


class Item(NamedTuple):
    """The entry of a call, as the feed takes it."""

    title: str
    link: str
    description: str
    unique_id: str
    pubdate: datetime
    updateddate: datetime


@anyone
@limited(READS)
def call_feed(request: HttpRequest) -> HttpResponse:
    return _answer(request, _("札幌市 事業支援ポータル：公募"), catalogue.public())


@anyone
@limited(READS)
def call_feed_topic(request: HttpRequest, topic: str) -> HttpResponse:
    if topic not in topics():
        raise Http404
    title = _("札幌市 事業支援ポータル：公募（%(topic)s）") % {"topic": topics()[topic]}
    return _answer(request, title, catalogue.public().filter(topics__contains=[topic]))


def _answer(request: HttpRequest, title: str, rows: CallQuerySet) -> HttpResponse:
    """The feed, or 304 for whoever has it as it stands: its tag is made of what is in it."""
    items = _items(list(rows.for_lists().order_by("-decision_on", "-pk")[:MOST]))
    tag = quote_etag(hashlib.sha256(repr((title, items)).encode()).hexdigest())
    address = f"{settings.SITE_URL}{request.path}"
    feed = Atom1Feed(
        title=title,
        link=f"{settings.SITE_URL}{reverse('call_list')}",
        description=None,
        language=get_language(),
        feed_url=address,
        feed_guid=address,
    )
    for item in items:
        feed.add_item(**item._asdict())
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    response["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=response) or response


def _items(calls: list[Call]) -> list[Item]:
    """What the entry of each call says; it is new again when something of it was recorded, or its
    intake began or ended.
    """
    events = Event.objects.filter(subject__in=[f"call:{call.pk}" for call in calls])
    when = {
        row["subject"]: (row["announced"], row["last"])
        for row in events.values("subject").annotate(
            announced=Min("at", filter=Q(action="call.announce")), last=Max("at")
        )
    }
    now = clock.now()
    items = []
    for call in calls:
        periods = [at for p in call.periods.all() for at in (p.opens_at, p.closes_at) if at <= now]
        announced, last = when.get(f"call:{call.pk}", (None, None))
        moments = [at for at in (last, *periods) if at is not None]
        items.append(
            Item(
                title=f"{call.name}（{call.label}）",
                link=f"{settings.SITE_URL}{call.public_url}",
                description=f"{call.in_words('summary')}　{call.phase[1]}",
                unique_id=f"tag:sapporo-grants-portal,2026:call:{call.code}",
                pubdate=announced or min(moments, default=now),
                updateddate=max(moments, default=now),
            )
        )
    return items
