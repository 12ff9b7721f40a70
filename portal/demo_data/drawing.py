"""Pictures of the demo: houses on a slope, drawn by code, so that nobody is shown and nobody's photo is used."""

import io
import math
import random

from PIL import Image, ImageDraw

SIZE = WIDTH, HEIGHT = 1200, 800
WALLS = ("#e9c46a", "#e76f51", "#f1dfc2", "#8ab17d", "#f4a261", "#d8e2dc")
ROOFS = ("#7f3f2f", "#9c4a34", "#5b4636")
HILLS = ("#2f6f57", "#20573f", "#123d2c")


def draw(seed: int) -> bytes:
    """A JPEG; the same one for the same ``seed``."""
    dice = random.Random(seed)  # noqa: S311 - a picture, no secret
    image = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(image)
    for y in range(HEIGHT):
        share = y / HEIGHT
        pen.line((0, y, WIDTH, y), fill=(255, int(244 - 60 * share), int(214 - 110 * share)))
    sun = dice.randint(200, WIDTH - 200)
    pen.circle((sun, 190), 95, fill="#ffd23f")
    for row, colour in enumerate(HILLS):
        shift, base = dice.uniform(0, 6), 330 + 130 * row
        _hill(pen, base, shift, colour)
        for x in range(dice.randint(10, 60), WIDTH, dice.randint(105, 130)):
            _house(pen, dice, x, int(_slope(x, base, shift)) + 42, 62 + 14 * row)
    content = io.BytesIO()
    image.save(content, "JPEG", quality=92)
    return content.getvalue()


def _slope(x: float, base: int, shift: float) -> float:
    return base + 46 * math.sin(x / 210 + shift)


def _hill(pen: ImageDraw.ImageDraw, base: int, shift: float, colour: str) -> None:
    edge = [(x, _slope(x, base, shift)) for x in range(0, WIDTH + 10, 10)]
    pen.polygon([*edge, (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)


def _house(pen: ImageDraw.ImageDraw, dice: random.Random, x: int, floor: int, width: int) -> None:
    height = int(width * dice.uniform(0.9, 1.5))
    top = floor - height
    pen.rectangle((x, top, x + width, floor), fill=dice.choice(WALLS))
    roof = [(x - 6, top), (x + width // 2, top - width // 2), (x + width + 6, top)]
    pen.polygon(roof, fill=dice.choice(ROOFS))
    side = width // 5
    for column in range(2):
        for y in range(top + side, floor - side, 2 * side):
            left = x + side + column * 2 * side
            light = "#fff3b0" if dice.random() < 0.6 else "#3d405b"
            pen.rectangle((left, y, left + side, y + side), fill=light)
