"""The pages on what a call offers and asks: names, sums, costs, conditions, questions, documents."""

from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.editing.pages_of_forms import QUESTIONS
from grants.programmes.editing.shapes import CITE, KEY, Field, Group, Lines, Page, Rows
from grants.programmes.values import FRAMES, WHOLE

PAGES: tuple[Page, ...] = (
    Page(
        "names",
        _lazy("名前と文・担当"),
        _lazy("公募の案内に載る名前と文、問い合わせ先です。"),
        (
            Group(
                _lazy("名前と案内の文"),
                (
                    Field("name", _lazy("制度の名称")),
                    Field(
                        "family",
                        _lazy("制度のまとまり"),
                        _lazy("名称の上に小さく出ます（例：IT活用・デジタル化補助金）。"),
                    ),
                    Field("summary", _lazy("一言の説明"), _lazy("一覧で、名称の下に出ます。")),
                    Field(
                        "lead", _lazy("案内の文"), _lazy("公募のページの初めに出ます。"), lines=3
                    ),
                ),
            ),
            Group(
                _lazy("担当"),
                (
                    Field("office", _lazy("担当の部署")),
                    Field("phone", _lazy("担当の電話番号")),
                ),
            ),
            Group(
                _lazy("さがすときの手がかり"),
                (
                    Field("purposes", _lazy("利用の目的"), choices="purposes"),
                    Lines(
                        "topics",
                        _lazy("当てはまる目的"),
                        (Field("", _lazy("目的"), choices="topics"),),
                        _lazy("中心になるものから順に選んでください。さがす画面の順番になります。"),
                    ),
                ),
            ),
            Group(
                _lazy("制度の決まり"),
                (
                    Field("code", _lazy("アドレスに使う名前"), _lazy("あとから変えられません。")),
                    Field("prefix", _lazy("受付番号の頭の文字"), _lazy("英大文字2～4字（例：TW）")),
                    Field("kind", _lazy("制度の種類")),
                    Field("order", _lazy("一覧の順番"), _lazy("小さい数が先に出ます。")),
                    Field(
                        "municipalities",
                        _lazy("職員が案件を見られる市町村"),
                        choices="municipalities",
                    ),
                    Field("listed", _lazy("公募を一覧に載せる")),
                    Field("several", _lazy("1つの公募に、同じ事業者が2件以上申請できる")),
                    Field("own_funder", _lazy("公募ごとに、支払う市町村を決める")),
                    Field("asks_adviser_fee", _lazy("申請を手伝う人に払う報酬をたずねる")),
                ),
            ),
        ),
    ),
    Page(
        "frames",
        _lazy("枠と補助の額"),
        _lazy("枠ごとの補助率・上限・予算と、額の計算の決まりです。"),
        (
            Group(
                _lazy("額の計算と支払い"),
                (
                    Field("rounding_unit", WHOLE["rounding_unit"]),
                    Field("payment", WHOLE["payment"]),
                    Field("floor_at_fixing", WHOLE["floor_at_fixing"]),
                    Field("passbook", _lazy("口座の届出に、通帳の写しを求める")),
                ),
            ),
        ),
        (
            Rows(
                "frames",
                _lazy("枠"),
                _lazy("枠"),
                "name",
                (
                    Field("name", _lazy("枠の名称")),
                    KEY,
                    Field("purpose", FRAMES["purpose"]),
                    Field("rate", FRAMES["rate"], _lazy("分数で入力してください（例：2/3）。")),
                    Field("cap", _lazy("上限（円。受講席の制度では、1者の席数）")),
                    Field("floor", FRAMES["floor"]),
                    Field(
                        "budget",
                        _lazy("予算額（円）"),
                        _lazy("予算額、件数、席数のどれかを入力してください。"),
                    ),
                    Field("slots", FRAMES["slots"]),
                    Field("seats", FRAMES["seats"]),
                    Lines(
                        "yearly",
                        FRAMES["yearly"],
                        (Field("year", _lazy("何年目")), Field("cap", _lazy("上限（円）"))),
                        _lazy("支援の年によって上限が違うときだけ。"),
                    ),
                    Field("repeat_allowed", _lazy("以前に受けた事業者も申請できる")),
                    Field("before", FRAMES["before"], lines=2),
                ),
            ),
        ),
    ),
    Page(
        "costs",
        _lazy("経費の区分"),
        _lazy("対象になる経費とならない費用、合わせて上限のある区分です。"),
        (
            Group(
                _lazy("経費の決まり"),
                (
                    Field("early_start", _lazy("事前着手の届出を認める")),
                    Field(
                        "two_quotes_above",
                        WHOLE["two_quotes_above"],
                        _lazy("税込み。これを超える注文に求めます。"),
                    ),
                    Field("asset_limit", WHOLE["asset_limit"], _lazy("税抜き、1個の価格。")),
                    Field("begun_month_counts", WHOLE["begun_month_counts"]),
                    Field("tax_return", _lazy("消費税の仕入控除税額の報告と返還を求める")),
                ),
            ),
        ),
        (
            Rows(
                "categories",
                _lazy("経費区分"),
                _lazy("経費区分"),
                "name",
                (
                    Field("name", _lazy("区分の名称")),
                    KEY,
                    Field("hint", _lazy("説明"), lines=2),
                    Field("examples", _lazy("買うものの例"), _lazy("事業者のことばで。"), lines=2),
                    Field("life_years", _lazy("耐用年数（年）"), _lazy("財産にならない区分は0。")),
                ),
            ),
            Rows(
                "groups",
                _lazy("合わせて上限のある区分"),
                _lazy("上限"),
                "categories",
                (
                    Field("categories", _lazy("経費区分"), choices="categories"),
                    Field(
                        "share",
                        _lazy("対象経費の全体に対する割合"),
                        _lazy("分数で入力してください（例：2/3）。"),
                    ),
                    Field("cite", CITE),
                ),
                _lazy("1組まで。"),
            ),
            Rows(
                "uncounted",
                _lazy("対象にならない費用"),
                _lazy("費用"),
                "name",
                (
                    Field("name", _lazy("費用の名称")),
                    KEY,
                    Field("hint", _lazy("例または理由"), lines=2),
                ),
            ),
        ),
    ),
    Page(
        "rules",
        _lazy("対象の条件"),
        _lazy("だれが申請できるかの条件です。申請の前の確認と、審査の前の点検に使われます。"),
        (
            Group(
                _lazy("ほかの制度との重複"),
                (Field("excludes", WHOLE["excludes"], choices="programmes"),),
            ),
        ),
        (
            Rows(
                "rules",
                _lazy("条件"),
                _lazy("条件"),
                "text",
                (
                    Field("rule", _lazy("確かめること")),
                    Field("text", _lazy("条件の文"), lines=2),
                    Field("cite", CITE),
                    Field(
                        "areas",
                        _lazy("対象の市町村"),
                        _lazy("場所の条件だけ。"),
                        choices="municipalities",
                    ),
                    Lines(
                        "industries",
                        _lazy("業種"),
                        (Field("", _lazy("業種"), choices="industries"),),
                        _lazy("業種の条件だけ。"),
                    ),
                    Field("limit", _lazy("人数の上限"), _lazy("従業員数の条件だけ。")),
                    Field(
                        "sized_as",
                        _lazy("中小企業の大きさを決める業種"),
                        _lazy("どの業種にも同じ基準を当てはめるときだけ。"),
                    ),
                ),
            ),
        ),
    ),
    Page(
        "questions",
        _lazy("質問"),
        _lazy("申請書でたずねることです。"),
        (),
        (
            QUESTIONS,
            Rows(
                "headings",
                _lazy("見出し"),
                _lazy("見出し"),
                "title",
                (
                    Field("title", _lazy("見出しの文")),
                    KEY,
                    Field("hint", _lazy("見出しの下の説明"), lines=2),
                ),
                _lazy(
                    "質問を分ける見出しです。どの見出しに入るかは、質問ごとに選びます。見出しのない質問が先に並びます。"
                ),
            ),
        ),
    ),
    Page(
        "documents",
        _lazy("書類"),
        _lazy("申請に付けてもらう書類です。"),
        (),
        (
            Rows(
                "documents",
                _lazy("書類"),
                _lazy("書類"),
                "name",
                (
                    Field("name", _lazy("書類の名称")),
                    KEY,
                    Field("hint", _lazy("説明"), lines=3),
                    Field("required", _lazy("必ず出してもらう")),
                    Field("cite", CITE),
                    Field("issued_within_days", _lazy("発行から何日以内のものか")),
                    Field("usable_days", _lazy("届いた書類を、次の申請に何日使えるか")),
                    Field(
                        "later_days",
                        _lazy("あとから出せる日数"),
                        _lazy("申請のあとに出してよいときだけ。"),
                    ),
                    Field("elsewhere", _lazy("ほかの書類のファイルに入っていてもよい")),
                ),
            ),
        ),
    ),
)
