"""Matplotlib's player of an animation, without a network, in the course's language, on a card."""

import base64
import io
import re

from PIL import Image

from checks.text import Text
from plots import card, kit

# Matplotlib takes the icons of its buttons from a web font; these need no network.
_SYMBOLS = {
    "minus": "&minus;",
    "fast-backward": "|&#9664;",
    "step-backward": "&#9664;|",
    "play fa-flip-horizontal": "&#9664;",
    "pause": "&#10074;&#10074;",
    "play": "&#9654;",
    "step-forward": "|&#9654;",
    "fast-forward": "&#9654;|",
    "plus": "+",
}
WORDS = (
    Text("Decrease speed", "减速"),
    Text("First frame", "第一帧"),
    Text("Previous frame", "上一帧"),
    Text("Play backwards", "倒放"),
    Text("Pause", "暂停"),
    Text("Play", "播放"),
    Text("Next frame", "下一帧"),
    Text("Last frame", "最后一帧"),
    Text("Increase speed", "加速"),
    Text("Repetition mode", "重复方式"),
    Text("Once", "播放一次"),
    Text("Loop", "循环"),
    Text("Reflect", "来回"),
)
"""What the player says, as it says it in English, and in Chinese."""
_FRAME = Text("Frame", "帧")
# Matplotlib's slider has 374 pixels, and the picture above it as many, however narrow the page is.
_FITTING = "<style>.animation,.animation .anim-slider{max-width:100%}</style>"


def offline(html: str, alt: str) -> str:
    """Return Matplotlib's HTML of an animation as the course shows it, with `alt` for its image."""
    html = re.sub(r"<link\b[^>]*>", "", html)
    html = re.sub(
        r'<i class="fa fa-([^"]*)"></i>', lambda found: _SYMBOLS.get(found[1], found[1]), html
    )
    html = _in_the_language(html)
    html = re.sub(r"data:image/png;base64,([^\"]+)", lambda found: _compact(found[1]), html)
    # Where scripts are not run (a reopened notebook, a feedback page), the last frame is shown.
    last_frame = re.findall(r"data:image/svg[^\"]+", html)[-1]
    shown = card.html(last_frame, alt)
    return _FITTING + html.replace("<img id=", f"{shown[:-1]} id=", 1)


def _in_the_language(html: str) -> str:
    for word in WORDS:
        english, said = word.in_("en"), kit.say(word)
        html = html.replace(f'"{english}"', f'"{said}"').replace(f">{english}<", f">{said}<")
    return html.replace('type="range"', f'type="range" aria-label="{kit.say(_FRAME)}"', 1)


def _compact(data: str) -> str:
    """Return a frame on its card, in 64 colours: a third of the size, looks the same."""
    # The player's script breaks the text into lines, each with a backslash at its end.
    frame = Image.open(io.BytesIO(base64.b64decode(data.replace("\\\n", ""))))
    png = io.BytesIO()
    frame.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(png, "png", optimize=True)
    return card.address(base64.b64encode(png.getvalue()).decode(), *frame.size)
