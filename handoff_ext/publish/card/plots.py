"""Small plots for the card as inline SVG: no script, no file, colours from the page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

    from handoff_ext.contracts.profile import ScoreBin

_WIDTH, _LABEL, _ROW = 640, 240, 22


def bars(rows: Sequence[tuple[str, float]], title: str, mark: float | None = None) -> Markup:
    """Horizontal bars, one a row, from 0 to the largest; ``mark`` draws a line across at that value."""
    from markupsafe import Markup

    largest = max([abs(value) for _, value in rows] + [abs(mark or 0.0)], default=0.0) or 1.0
    scale = (_WIDTH - _LABEL - 70) / largest
    height = _ROW * len(rows) + 4
    parts = [f'<svg role="img" viewBox="0 0 {_WIDTH} {height}" class="plot"><title>{escape(title)}</title>']
    for index, (name, value) in enumerate(rows):
        top, width = index * _ROW, max(1.0, max(value, 0.0) * scale)
        parts.append(
            f'<text x="{_LABEL - 8}" y="{top + 15}" text-anchor="end">{escape(_short(name))}</text>'
            f'<rect x="{_LABEL}" y="{top + 3}" width="{width:.1f}" height="{_ROW - 6}"/>'
            f'<text x="{_LABEL + width + 6:.1f}" y="{top + 15}">{value:.3g}</text>'
        )
    if mark is not None:
        place = _LABEL + mark * scale
        parts.append(f'<line x1="{place:.1f}" x2="{place:.1f}" y1="0" y2="{height}"/>')
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - every text in it is escaped


def reliability(bins: Sequence[ScoreBin], title: str) -> Markup:
    """Share that came true by score: dots as large as their count, the diagonal is a perfect score."""
    from markupsafe import Markup

    side, pad = 260, 34
    most = max((each.count for each in bins), default=1)
    parts = [
        f'<svg role="img" viewBox="0 0 {side + 2 * pad} {side + 2 * pad}" class="plot small">',
        f"<title>{escape(title)}</title>",
        f'<line x1="{pad}" y1="{pad + side}" x2="{pad + side}" y2="{pad}"/>',
    ]
    for each in bins:
        x, y = pad + side * (each.low + each.high) / 2, pad + side * (1 - each.right / each.count)
        radius = 3 + 9 * (each.count / most) ** 0.5
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>']
    for share in (0.0, 0.5, 1.0):
        parts.append(
            f'<text x="{pad + side * share:.0f}" y="{side + 2 * pad - 10}" text-anchor="middle">{share:g}</text>'
            f'<text x="{pad - 8}" y="{pad + side * (1 - share) + 5:.0f}" text-anchor="end">{share:g}</text>'
        )
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - every text in it is escaped


def _short(name: str) -> str:
    return name if len(name) <= 34 else name[:31] + "..."
