"""Runs a command and appends what it took to a file of results.

usage: measure.py RESULTS PAIR NAME COMMAND...      RESULTS.jsonl gets a line, RESULTS.log what the command says on stderr

  wall_seconds         from its start to its end; cpu_seconds and page_faults of it and its children; peak_rss_mb in 10^6 bytes
  first_step_seconds   from its start to the line that says training begins: "phase ..." of graft, "first step" of a peer
  and the command's own: the last line of JSON on its stdout, or graft's report.json in the folder after --out
"""
import json
import os
import subprocess
import sys
import time

FIRST_STEP = ("phase    ", "first step")


def of_report(path):
    """Speed and quality out of a run folder: of all steps, the first included; quality only of runs of an epoch or more."""
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    train = report["train"]
    numbers = {"precision": train["precision"], "steps": train["steps"], "tokens": train["tokens"]}
    if train.get("tokens_per_second"):
        numbers["tokens_per_second"] = train["tokens_per_second"]
        numbers["ms_per_step"] = 1000 * train["tokens"] / train["tokens_per_second"] / train["steps"]
    for name, value in report["metrics"].get("test", {}).items():
        if name.endswith("/accuracy") and train["epochs"] > 0:
            numbers["test_accuracy"] = value
    return numbers


def run(command, log):
    """Its numbers; exits with its status when it fails."""
    numbers, last = {}, ""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, encoding="utf-8", errors="replace")
    for line in process.stdout:
        if line.startswith(FIRST_STEP):
            numbers.setdefault("first_step_seconds", time.monotonic() - begin)
        if line.startswith("{"):
            last = line
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        log.flush()
        sys.exit(f"{' '.join(command)}\nfailed with {process.returncode}; its last words are in {log.name}")
    numbers["wall_seconds"] = time.monotonic() - begin
    numbers["cpu_seconds"] = usage.ru_utime + usage.ru_stime
    numbers["page_faults"] = usage.ru_minflt + usage.ru_majflt
    numbers["peak_rss_mb"] = usage.ru_maxrss * 1024 / 1e6
    return numbers | (json.loads(last) if last else {})


def main():
    results, pair, name, command = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    with open(results + ".log", "a", encoding="utf-8") as log:
        numbers = run(command, log)
    if "--out" in command and command[command.index("--out") + 1:]:
        report = command[command.index("--out") + 1] + "/report.json"
        if os.path.exists(report):
            numbers |= of_report(report)
    with open(results + ".jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps({"pair": pair, "name": name} | numbers) + "\n")
    told = [f"{numbers['wall_seconds']:.1f} s"]
    if "tokens_per_second" in numbers:
        told.append(f"{numbers['tokens_per_second']:,.0f} real tokens/s")
    if "test_accuracy" in numbers:
        told.append(f"test accuracy {numbers['test_accuracy']:.3f}")
    print(f"pair {pair}  {name}: {', '.join(told)}", flush=True)


main()
