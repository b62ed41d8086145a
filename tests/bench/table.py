"""Prints one benchmark's table: medians of all that was measured, and the ratios within each pair.

usage: table.py RESULTS NAME
"""
import statistics
import sys

from figures import ROWS, UNITS, Results, limits_text


def text(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def print_columns(lines):
    """The first column to the left, the others to the right; the first line is the head."""
    widths = [max(len(line[c]) for line in lines) for c in range(len(lines[0]))]
    for line in lines:
        print("  ".join(cell.rjust(width) if c else cell.ljust(width) for c, (cell, width) in enumerate(zip(line, widths))))


def main():
    results = Results(sys.argv[1], sys.argv[2])
    shown = [q for q in UNITS if any(results.values(name, q) for name in results.names)]
    print()
    print_columns([["medians"] + [UNITS[q] for q in shown]] +
                  [[name] + [text(results.median(name, q)) for q in shown] for name in results.names])
    ratios = [(row, results.ratios(row)) for row in ROWS if row.table == results.table]
    lines = [[f"{row.text}: {UNITS[row.quantity]}", *(f"{f(values):.2f}" for f in (statistics.median, min, max))]
             for row, values in ratios if values]
    if lines:
        print()
        print_columns([[f"ratio within a pair, of {len(results.pairs)}", "median", "least", "greatest"]] + lines)
    for note in [*results.notes, limits_text(results.limits)]:
        print(note)


main()
