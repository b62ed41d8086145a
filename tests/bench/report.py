"""The target table out of all results there are: table.md, and report.html with the machine's limits and the plot.

usage: report.py RESULTS OUT      OUT/table.md, OUT/report.html; the plot is OUT/work_grows.svg, where there is one
"""
import html
import os
import statistics
import sys

from figures import ROWS, Results, limits_text, reached

HEAD = ["", "ratio", "pairs", "target", "reached", "MFU", "test accuracy, graft / peer"]
STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:1100px;margin:32px auto;padding:0 20px;color:#1b2130}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th{text-align:left;color:#596275;font-weight:550}
th,td{padding:7px 12px 7px 0;border-bottom:1px solid #dde1e8}svg{max-width:100%;height:auto}p{color:#596275}"""


def quality(folder, row):
    """Mean test accuracy of graft and the peer over all seeds or pairs; None where it was not measured."""
    table, ours, peer = row.quality or (row.table, row.ours, row.peer)
    results = Results(folder, table)
    both = [results.values(name, "test_accuracy") for name in (ours, peer)]
    return tuple(statistics.mean(values) for values in both) if all(both) else None


def verdict(row, ratio, accuracies):
    if row.target is None:
        return ""
    if not reached(row, ratio):
        return "no"
    if row.quality and not accuracies:
        return "yes, quality not measured"
    return "yes" if not accuracies or round(accuracies[0], 4) >= round(accuracies[1], 4) else "speed yes, quality no"


def line(folder, row):
    results = Results(folder, row.table)
    ratios = results.ratios(row)
    if not ratios:
        return None
    accuracies = quality(folder, row)
    mfu = results.median(row.ours, "mfu") if row.quantity == "tokens_per_second" else None
    ratio = statistics.median(ratios)
    same_entries = row.table in ("tokenise", "tfidf")  # those benchmarks fail otherwise
    return [row.text, f"{ratio:.2f} ({min(ratios):.2f} - {max(ratios):.2f})", str(len(ratios)),
            f"{row.target:g}" if row.target else "", verdict(row, ratio, accuracies), f"{mfu:.0f} %" if mfu else "",
            "equal entries" if same_entries else "{:.3f} / {:.3f}".format(*accuracies) if accuracies else ""]


def write_html(path, lines, notes, plot):
    def cells(tag, line):
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in line) + "</tr>"
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"<!doctype html><html lang=en><meta charset=utf-8><title>graft: benchmarks</title><style>{STYLE}</style>"
                   "<h1>Benchmarks</h1><table>" + cells("th", HEAD) + "".join(cells("td", line) for line in lines) + "</table>" +
                   "".join(f"<p>{html.escape(note)}</p>" for note in notes) + plot + "</html>\n")


def main():
    folder, out = sys.argv[1], sys.argv[2]
    lines = [found for found in (line(folder, row) for row in ROWS) if found]
    measured = [Results(folder, table) for table in dict.fromkeys([row.table for row in ROWS] + ["work_grows"])]
    notes = ["ratio: how many times as fast graft is (memory: its share), median within a pair (least - greatest)"]
    notes += [f"{results.table}: {note}" for results in measured for note in results.notes]
    notes += [f"{results.table}: {limits_text(results.limits)}" for results in measured if results.limits]
    with open(out + "/table.md", "w", encoding="utf-8") as file:
        file.write("".join("| " + " | ".join(row) + " |\n" for row in [HEAD, ["---"] * len(HEAD), *lines]))
        file.write("".join(f"\n- {note}" for note in notes) + "\n")
    plot = ""
    if os.path.exists(out + "/work_grows.svg"):
        with open(out + "/work_grows.svg", encoding="utf-8") as file:
            plot = "<h2>Time and memory as the work grows</h2>" + file.read().partition("?>")[2]
    write_html(out + "/report.html", lines, notes, plot)
    print(open(out + "/table.md", encoding="utf-8").read())


main()
