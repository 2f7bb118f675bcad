"""Names of people and firms: they stand in mails to others, whom nobody may lead elsewhere by one."""

import re
import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.ui.forms import Text

# an address with its scheme, a well-known way to chat, or a domain with a path; a domain alone is in many
# a firm's name, and names stand on both sides of a slash ("A.Tanaka/B.Suzuki"): what follows one dot is
# an ending that addresses have
_ENDINGS = (
    "com|net|org|jp|info|biz|io|co|app|dev|site|online|shop|store|xyz|top|link|live|click|cloud|club"
    "|me|cc|tv|ly|gl|gd|ru|cn|kr|tw"
)
_WEB = re.compile(
    rf"://|www\.|line\.me|lin\.ee|[a-z0-9-]\.(?:{_ENDINGS}|[a-z0-9-]+\.[a-z]{{2,24}})(?::\d+)?[/?#]",
    re.IGNORECASE | re.ASCII,
)


def check_name(text: str) -> str:
    """The text, where it can be a name: it holds no address of the web."""
    if _WEB.search(unicodedata.normalize("NFKC", text).replace("。", ".")):
        raise forms.ValidationError(_lazy("名前にウェブサイトのアドレスは入れられません。"))
    return text


class Name(Text):
    """The name of a person or a firm."""

    def clean(self, value: str | None) -> str:
        return check_name(super().clean(value))
