"""A reliability diagram as SVG: for each tenth of the score, what share was right, and how many there were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SIDE, GAP, COUNTS = 260, 70, 60
"""Pixels: side of a plot, space around it, height of the counts below it."""
TENTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
STYLE = """
text { font: 12px sans-serif; fill: #24292f } .small { font-size: 10px } .title { font-weight: bold; font-size: 13px }
.frame { fill: none; stroke: #8c959f } .even { stroke: #8c959f; stroke-dasharray: 4 3 }
.bar { fill: #b6d3f2 } .dot { fill: #0550ae } .line { fill: none; stroke: #0550ae; stroke-width: 1.5 }
.paper { fill: #ffffff }
"""


def diagram(panels: Sequence[tuple[str, dict[str, Any]]]) -> str:
    """One plot for each (title, figures): figures have "decisions", "ece" and "bins" as in models/score-0.1.0.json."""
    width = len(panels) * (SIDE + GAP) + GAP // 2
    height = SIDE + COUNTS + 2 * GAP
    plots = "\n".join(
        _plot(title, figures, left=GAP + number * (SIDE + GAP)) for number, (title, figures) in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="Share of right attributions by score">\n<style>{STYLE}</style>\n'
        f'<rect class="paper" width="{width}" height="{height}"/>\n{plots}\n</svg>\n'
    )


def _plot(title: str, figures: dict[str, Any], *, left: int) -> str:
    top = GAP - 20
    bottom = top + SIDE
    parts = [
        f'<text class="title" x="{left}" y="{top - 12}">{title}: ECE {figures["ece"]:.3f}, '
        f"{figures['decisions']:,} decisions</text>",
        f'<rect class="frame" x="{left}" y="{top}" width="{SIDE}" height="{SIDE}"/>',
        f'<line class="even" x1="{left}" y1="{bottom}" x2="{left + SIDE}" y2="{top}"/>',
        f'<text x="{left + SIDE / 2}" y="{bottom + COUNTS + 45}" text-anchor="middle">score; below, how many</text>',
        f'<text x="{left - 40}" y="{top + SIDE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 {left - 40} {top + SIDE / 2})">share right</text>',
    ]
    for tenth in TENTHS:
        x, y = left + tenth * SIDE, bottom - tenth * SIDE
        parts.append(f'<text class="small" x="{x:.0f}" y="{bottom + 14}" text-anchor="middle">{tenth:.1f}</text>')
        parts.append(f'<text class="small" x="{left - 6}" y="{y + 3:.0f}" text-anchor="end">{tenth:.1f}</text>')
    most = max(count for _, _, count, _, _ in figures["bins"])
    points = []
    for low, high, count, mean, rate in figures["bins"]:
        tall = COUNTS * count / most
        x, width = left + low * SIDE, (high - low) * SIDE
        foot = bottom + 20 + COUNTS
        parts.append(
            f'<rect class="bar" x="{x + 1:.1f}" y="{foot - tall:.1f}" width="{width - 2:.1f}" height="{tall:.1f}"/>'
        )
        parts.append(f'<text class="small" x="{x + width / 2:.1f}" y="{foot + 11}" text-anchor="middle">{count}</text>')
        points.append((left + mean * SIDE, bottom - rate * SIDE))
    parts.append(f'<polyline class="line" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')
    parts += [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points]
    return "\n".join(parts)
