"""Jobs of the notices room."""

from procrastinate.contrib.django import app

from portal import again
from portal.notices.issue import draw
from portal.notices.models import Notice


@app.task(name="draw_notice", retry=again.DRAWING)
def draw_notice(notice_id: int) -> None:
    draw(Notice.objects.get(pk=notice_id))
