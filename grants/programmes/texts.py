"""A text of a programme in the reader's language."""

from grants.programmes.parts import Bilingual
from portal.registry.models import in_english


def said(text: Bilingual) -> str:
    """The text in the reader's language."""
    return text.en if in_english() else text.ja
