"""Runs the demo school: python -m education.demo_school --config FILE (default: demo_school.json in VAR_DIR)."""

import argparse
import os
import signal
import sys
from pathlib import Path

from education.demo_school.config import read_config
from education.demo_school.server import make_server


def end(number, frame):
    sys.exit(0)


def main():
    default = Path(os.environ.get("VAR_DIR", "var")) / "demo_school.json"
    parser = argparse.ArgumentParser(prog="python -m education.demo_school", description="演示用的学习机构")
    parser.add_argument("--config", type=Path, default=default)
    config = read_config(parser.parse_args().config)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    with make_server(config) as server:
        print(f"demo school on {config.public_url}", file=sys.stderr, flush=True)
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
