"""What a programme states of a review that is blind (名前を伏せた審査)."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from grants.programmes.questions import Question


class Blind(BaseModel):
    """Reviewers score without knowing whose application it is.

    What the form says of the firm and its people is hidden from them, and these `questions` too; of
    the files they look at the pages of these `documents` alone, which applicants are asked to keep
    free of names.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    def closed(self, asked: Iterable[Question]) -> set[str]:
        """The keys of what is hidden of the questions, in the order of the form: also whatever is asked
        only for a hidden answer, which it would tell by standing there.
        """
        found = set(self.questions)
        for question in asked:
            if question.only_when is not None and question.only_when.question in found:
                found.add(question.key)
        return found
