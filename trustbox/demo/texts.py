"""What the invented schools have written about themselves."""

Texts = dict[str, str]


def texts(kk: str, ru: str, ky: str, en: str) -> Texts:
    """The same in four languages."""
    return {"kk": kk, "ru": ru, "ky": ky, "en": en}
