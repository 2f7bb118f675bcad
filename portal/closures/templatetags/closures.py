"""What pages say of closures, where they tell deadlines."""

from django import template

from portal.closures import calendars
from portal.closures.calendars import HasMunicipalities
from portal.closures.models import Announced

register = template.Library()


@register.inclusion_tag("portal/closures/line.html")
def closed_days(subject: HasMunicipalities) -> dict[str, list[Announced]]:
    """The days to come on which the office that keeps a case or a call is closed; nothing where there
    are none.
    """
    return {"closures": calendars.announced(calendars.keeper(subject.municipality_codes))}
