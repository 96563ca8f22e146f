"""Tries the complaints of docs/complaints.md on the gateway at a base URL and prints a table."""

import argparse
import importlib
import os
import pathlib
import re
import sys

from suite.cases import CASES, UNSEEN, Suite, run

TITLES = dict(re.findall(
    r"^\| (C\d+) \| ([^|]+) \|",
    (pathlib.Path(__file__).resolve().parents[1] / "docs/complaints.md").read_text(), re.M))


def main():
    parser = argparse.ArgumentParser(prog="python3 -m suite", description=__doc__)
    parser.add_argument("base_url", help="where /chat/completions is, such as http://127.0.0.1:8080/v1")
    parser.add_argument("--key", default=os.environ.get("KEY"),
                        help="a key without limits (default: $KEY, else the adapter makes one)")
    parser.add_argument("--model", default="scripted", help="the model to ask (default: scripted)")
    parser.add_argument("--adapter", default="none",
                        help="a module of suite.adapters: weir, none (default) or your own")
    parser.add_argument("--slow", action="store_true", help="try what takes most of a minute, too")
    parser.add_argument("--only", nargs="+", metavar="C1", help="try these only")
    parser.add_argument("--strict", action="store_true",
                        help="fail, too, where the adapter cannot do what a case needs")
    options = parser.parse_args()
    assert set(CASES) | set(UNSEEN) == set(TITLES) and not set(CASES) & set(UNSEEN)
    adapter = importlib.import_module(f"suite.adapters.{options.adapter}")
    suite = Suite(adapter.Adapter(options.base_url, options.model), options.key)
    count = dict.fromkeys(("pass", "FAIL", "not tested"), 0)
    unable = False
    for number, outcome, reason, short in run(suite, options.slow, options.only):
        count[outcome] += 1
        unable |= short
        print(f"{number:4} {outcome:10}  {TITLES[number]}" + (f" ({reason})" if reason else ""), flush=True)
    print("complaints: " + ", ".join(f"{number} {outcome}" for outcome, number in count.items()))
    sys.exit(bool(count["FAIL"] or options.strict and unable))


main()
