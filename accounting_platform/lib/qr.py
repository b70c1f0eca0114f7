"""QR codes as pictures that stand in the page itself."""

import segno


def picture(text: str, *, border: int = 4) -> str:
    """The QR code of a text as an SVG for <img src>: black on white by day and by night, or no camera reads it."""
    return segno.make(text, error="m").svg_data_uri(scale=6, border=border, dark="#000", light="#fff")
