"""What a programme states of a review that is blind (名前を伏せた審査)."""

from pydantic import BaseModel, ConfigDict


class Blind(BaseModel):
    """Reviewers score without knowing whose application it is.

    What the form says of the firm and its people is hidden from them, and these `questions` too; of
    the files they look at the pages of these `documents` alone, which applicants are asked to keep
    free of names.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
