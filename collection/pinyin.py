"""Latin keys for Chinese names: databases sort and search Chinese each in their own way."""


def spelled(text):
    """tianhequ for 天河区, everything in lower case."""
    # The dictionaries take 0.3 s to load, which most processes never need.
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text)).replace(" ", "").lower()


def initials(text):
    """thq for 天河区; Latin letters and digits stay as they are."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).replace(" ", "").lower()
