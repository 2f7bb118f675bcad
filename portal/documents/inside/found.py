"""What a child says: that it is about to look, and what it found out."""

from dataclasses import dataclass

READY = "ready"  # from here on, whatever goes wrong is the file's

Answer = dict[str, str | int | None]


@dataclass(frozen=True)
class Found:
    """The kind that is kept, its pages where it has some, and the bytes that are kept instead of
    those that were sent.
    """

    content_type: str
    pages: int | None = None
    made: bytes | None = None
