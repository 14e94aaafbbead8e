#!/usr/bin/env bash
# PyTorch: set_num_threads holds for the calling thread and for threads that are new, not for the
# others.
#
# Version: torch 2.15.0 (CPU).
# Expected: torch.set_num_threads sets the number of threads of the process, as its documentation reads.
# Seen: a thread that has computed before keeps its own number; a new thread begins with the number that was
#   set last, by whichever thread; the main thread does not see what another sets. A server that sets it
#   once at its start reaches only threads that are born later.
# Exits with 0 while that is so, and fails when the behavior has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install torch==2.15.0 numpy==2.4.6
cat > try.py <<'PY'
import queue
import threading

import torch


class Worker(threading.Thread):
    """Runs what it is given, one call after the other."""

    def __init__(self):
        super().__init__(daemon=True)
        self.calls, self.results = queue.Queue(), queue.Queue()
        self.start()

    def run(self):
        while True:
            self.results.put(self.calls.get()())

    def do(self, call):
        self.calls.put(call)
        return self.results.get()


def seen(old):
    return {
        "main": torch.get_num_threads(),
        "old": old.do(torch.get_num_threads),
        "new": Worker().do(torch.get_num_threads),
    }


torch.set_num_threads(4)
old = Worker()
old.do(torch.get_num_threads)
torch.set_num_threads(1)
by_main = seen(old)
print("the main thread sets 1:", by_main)
old.do(lambda: torch.set_num_threads(3))
by_worker = seen(old)
print("an older thread sets 3:", by_worker)
assert by_main == {"main": 1, "old": 4, "new": 1}, "numbers are shared otherwise now"
assert by_worker == {"main": 1, "old": 3, "new": 3}, "numbers are shared otherwise now"
PY
venv/bin/python try.py
