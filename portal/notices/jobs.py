"""Jobs of the notices room."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from portal.notices.issue import draw
from portal.notices.models import Notice


@app.task(name="draw_notice", retry=RetryStrategy(max_attempts=10, exponential_wait=4))
def draw_notice(notice_id: int) -> None:
    draw(Notice.objects.get(pk=notice_id))
