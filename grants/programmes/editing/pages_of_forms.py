"""What is edited of a question of the application form."""

from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.editing.shapes import KEY, Field, Lines, Rows

QUESTIONS = Rows(
    "questions",
    _lazy("質問"),
    _lazy("質問"),
    "label",
    (
        Field("label", _lazy("質問の文")),
        KEY,
        Field("heading", _lazy("見出し"), choices="headings"),
        Field("kind", _lazy("答え方")),
        Field("required", _lazy("必ず答えてもらう")),
        Field("hint", _lazy("書き方の説明"), lines=2),
        Field("example", _lazy("書き方の例"), lines=4),
        Field("limit", _lazy("文字数の上限"), _lazy("文章と1行の質問だけ。")),
        Field("least", _lazy("最も小さい数"), _lazy("数と金額の質問だけ。")),
        Field("most", _lazy("最も大きい数"), _lazy("数と金額の質問だけ。")),
        Lines(
            "choices",
            _lazy("選択肢"),
            (Field("ja", _lazy("日本語")), Field("en", _lazy("英語"))),
            _lazy("選んで答える質問だけ。"),
        ),
        Field(
            "only_when.question",
            _lazy("この質問をする条件：前の質問"),
            _lazy("ほかの質問の答えによってだけたずねるときに、選んでください。"),
            choices="other_questions",
        ),
        Field("only_when.sign", _lazy("この質問をする条件：比べ方")),
        Field(
            "only_when.value",
            _lazy("この質問をする条件：答え"),
            _lazy("選択肢のある質問は、いちど保存すると選べます。日付は2027-04-01の形です。"),
            choices="answers",
        ),
    ),
)
