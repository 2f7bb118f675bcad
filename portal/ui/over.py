"""A form that is closed by now, for somebody who may read what it is about."""

from django.http import Http404

from portal.types import Text


class Over(Http404):
    """Nothing that was typed is taken: `said` tells what became of it, `address` where it stands, and
    `way` what leads there. A page answers with it as with any other that is not there for the person;
    `portal.ui.views.not_found` tells the two apart.
    """

    def __init__(self, said: Text, address: str, way: Text = "") -> None:
        super().__init__(str(said))
        self.said, self.address, self.way = said, address, way
