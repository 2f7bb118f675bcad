"""The pages on how it is decided and what follows, and on what the public reads beside it."""

from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.editing.shapes import CITE, KEY, Field, Group, Lines, Page, Rows
from grants.programmes.values import INTEREST, PERIODS, WHOLE

PAGES: tuple[Page, ...] = (
    Page(
        "selection",
        _lazy("審査と選び方"),
        _lazy("どう選ぶか、何を審査するかです。"),
        (
            Group(
                _lazy("選び方"),
                (
                    Field("selection", WHOLE["selection"]),
                    Field(
                        "pass_mark", WHOLE["pass_mark"], _lazy("100点満点で。採点で選ぶときだけ。")
                    ),
                    Field("tie", WHOLE["tie"]),
                    Field("scores_to_rejected", _lazy("不採択の方に、点数を知らせる")),
                    Field(
                        "comments_to_rejected",
                        _lazy("不採択の方に、審査員の意見を名前なしで知らせる"),
                    ),
                ),
            ),
            Group(
                _lazy("名前を伏せた審査"),
                (
                    Field("blind", _lazy("採点が終わるまで、審査員に申請者の名前を伏せる")),
                    Field("blind.questions", _lazy("審査員に見せない質問"), choices="questions"),
                    Field("blind.documents", _lazy("審査員が見る書類"), choices="documents"),
                ),
            ),
            Group(
                _lazy("提出したあとの直し"),
                (
                    Field(
                        "amending.keeps", _lazy("締切までに直した申請の順番"), _lazy("先着順だけ。")
                    ),
                    Field("amending.until_checks", _lazy("市が確認を始めたあとは直せない")),
                ),
            ),
        ),
        (
            Rows(
                "criteria",
                _lazy("審査の項目"),
                _lazy("項目"),
                "name",
                (
                    Field("name", _lazy("項目の名称")),
                    KEY,
                    Field("text", _lazy("何を見るか"), lines=2),
                    Field("weight", _lazy("重み")),
                    Field("maximum", _lazy("最高の点")),
                ),
            ),
        ),
    ),
    Page(
        "periods",
        _lazy("期日"),
        _lazy("市と受給者の、日数と時期の決まりです。"),
        (
            Group(
                _lazy("日数と時期"),
                tuple(Field(f"periods.{name}", label) for name, label in PERIODS.items()),
            ),
        ),
    ),
    Page(
        "decision",
        _lazy("決定と条項"),
        _lazy("要綱の名称と条項、交付の条件、不服申立ての案内です。"),
        (
            Group(
                _lazy("要綱・要領"),
                (
                    Field("guideline", WHOLE["guideline"]),
                    Field("award_article", _lazy("交付決定の条項")),
                    Field("in_force_on", _lazy("施行の日")),
                ),
            ),
            Group(
                _lazy("不服申立て"),
                (
                    Field("remedy.nature", _lazy("決定の性質")),
                    Field("remedy.text", WHOLE["remedy"], lines=5),
                ),
            ),
            Group(
                _lazy("書面ごとの条項"),
                (
                    Field("provisions.correction", _lazy("補正の求め")),
                    Field("provisions.rejection", _lazy("不採択・不交付の決定")),
                    Field("provisions.change", _lazy("変更の承認")),
                    Field("provisions.suspension", _lazy("一時停止の命令")),
                    Field("provisions.abandonment", _lazy("中止・廃止の承認")),
                    Field("provisions.succession", _lazy("承継の承認")),
                    Field("provisions.report", _lazy("実績報告")),
                    Field("provisions.fixing", _lazy("額の確定")),
                    Field("provisions.payment", _lazy("支払い")),
                    Field("provisions.circumstances", _lazy("事情の変更による取消し")),
                    Field("provisions.revocation", _lazy("交付の決定の取消し")),
                    Field("provisions.repayment", _lazy("返還の命令")),
                    Field(
                        "provisions.withholding",
                        _lazy("支払いの一時停止"),
                        _lazy("定めがない制度では、止めません。"),
                    ),
                    Field(
                        "provisions.set_off",
                        _lazy("相殺"),
                        _lazy("定めがない制度では、相殺しません。"),
                    ),
                    Field("provisions.disposal", _lazy("財産の処分の承認")),
                ),
                _lazy("要綱に定めがあるものだけ（例：第8条第2項）。"),
            ),
        ),
        (
            Rows(
                "articles",
                _lazy("要綱の本文"),
                _lazy("条"),
                "title",
                (
                    Field("title", _lazy("条の見出し")),
                    Field("text", _lazy("条の文"), lines=6),
                ),
            ),
            Rows(
                "conditions",
                _lazy("交付の条件"),
                _lazy("条件"),
                "text",
                (
                    Field("text", _lazy("条件の文"), lines=3),
                    Field("announces", _lazy("知らせる義務"), choices="duties"),
                    Field("source", CITE),
                ),
                _lazy(
                    "1つも加えないときは、標準の条件になります。加えると、加えたものだけになります。"
                ),
            ),
            Rows(
                "unheard",
                _lazy("弁明の機会を要しない根拠"),
                _lazy("根拠"),
                "text",
                (
                    Field("text", _lazy("根拠の文")),
                    KEY,
                    Field("cite", CITE),
                ),
                _lazy(
                    "1つも加えないときは、標準の根拠になります。加えると、加えたものだけになります。"
                ),
            ),
        ),
    ),
    Page(
        "interest",
        _lazy("利息と返還"),
        _lazy("返還を命じるときの加算金と延滞金、違約金です。"),
        (
            Group(
                _lazy("加算金・延滞金・違約金"),
                tuple(Field(f"interest.{name}", label) for name, label in INTEREST.items()),
            ),
        ),
    ),
    Page(
        "easy",
        _lazy("やさしい日本語"),
        _lazy("日本語を勉強している方のための案内です。日本語だけで書きます。"),
        (
            Group(
                _lazy("やさしい日本語の案内"),
                (
                    Field("easy.what", _lazy("何のお金か"), lines=3),
                    Field("easy.who", _lazy("だれが申し込めるか"), lines=4),
                    Field("easy.prepare", _lazy("用意するもの"), lines=3),
                ),
            ),
        ),
    ),
    Page(
        "faq",
        _lazy("よくある質問"),
        _lazy("公募のページに載る、質問と答えです。"),
        (),
        (
            Rows(
                "faq",
                _lazy("よくある質問"),
                _lazy("質問と答え"),
                "q",
                (
                    Field("q", _lazy("質問"), lines=2),
                    Field("a", _lazy("答え"), lines=3),
                ),
            ),
        ),
    ),
    Page(
        "example",
        _lazy("計算の例・講座"),
        _lazy("補助の額の例と、受講席の制度の講座です。"),
        (
            Group(
                _lazy("計算の例"),
                (
                    Field("example.title", _lazy("例の名前")),
                    Field("example.frame", _lazy("枠"), choices="frames"),
                    Lines(
                        "example.items",
                        _lazy("費用"),
                        (
                            Field("category", _lazy("経費区分"), choices="categories"),
                            Field("amount", _lazy("金額（円）")),
                        ),
                    ),
                ),
                _lazy("公募のページに載ります。受講席の制度のほかは、必ず書いてください。"),
            ),
            Group(
                _lazy("講座（受講席の制度だけ）"),
                (
                    Field("course.hours", _lazy("時間数")),
                    Field(
                        "course.attendance",
                        _lazy("修了に要る出席の割合"),
                        _lazy("分数で入力してください（例：2/3）。"),
                    ),
                    Field("course.survey_months", _lazy("修了から何か月後に様子をたずねるか")),
                ),
            ),
        ),
    ),
    Page(
        "sources",
        _lazy("値の出典"),
        _lazy("値を裏付ける、公表された資料です。出典のない値は、計画値として公表されます。"),
        (),
        (
            Rows(
                "sources",
                _lazy("出典"),
                _lazy("出典"),
                "name",
                (
                    Field("name", _lazy("資料の名称"), lines=2),
                    Field("values", _lazy("裏付ける値"), choices="values"),
                ),
            ),
        ),
    ),
)
