"""Lets two programs make training steps in turns and compares their time and memory.

Arguments: rounds, steps before the first round, "together" or "apart", the command of ours, the command of the
official code. Both talk the same protocol: a first line "open WALL PROCESSOR" when the model is loaded, then for each
line of standard input

  step    "step WALL PROCESSOR": milliseconds of one step, wall clock and processor time
  losses  "losses NEXT_TOKEN FLOW NORM" of the last step, before its update; the norm before clipping
  memory  "memory PEAK ANONYMOUS": megabytes (10^6), the peak resident size and what belongs to no file now

The losses of the first steps are compared. The program that begins a round changes from round to round. Together, both
stay open for all rounds. Apart, each is opened anew for each of its turns and ends with it, so that memory need hold
only one of them.
"""

import shlex
import statistics
import subprocess
import sys

ROUNDS, WARM, APART = int(sys.argv[1]), int(sys.argv[2]), {"together": False, "apart": True}[sys.argv[3]]
COMMANDS = {"ours": sys.argv[4], "official": sys.argv[5]}


class Program:
    """A program that measures; its first steps are behind it when it is made."""

    def __init__(self, name):
        self.name = name
        self.process = subprocess.Popen(
            shlex.split(COMMANDS[name]), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        try:
            print(name, "open", *self.answer("open"), flush=True)
            print(name, "first step", *self.ask("step"), flush=True)
            self.losses = self.ask("losses")
            for _ in range(WARM - 1):
                self.ask("step")
        except BaseException:
            self.close()
            raise

    def answer(self, measurement):
        for line in self.process.stdout:
            words = line.split()
            if words and words[0] == measurement:
                return [float(word) for word in words[1:]]
        raise SystemExit(f"{self.name} ended instead of answering '{measurement}'")

    def ask(self, measurement):
        self.process.stdin.write(measurement + "\n")
        self.process.stdin.flush()
        return self.answer(measurement)

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


taken = {name: [] for name in COMMANDS}
peak = {name: 0 for name in COMMANDS}
losses = {}


def measure(program, turn):
    name = program.name
    taken[name].append(program.ask("step"))
    peak[name] = max(peak[name], program.ask("memory")[0])
    print("round", turn + 1, name, *taken[name][-1], flush=True)


def compare_losses(program):
    """Ends where the two do not compute the same step."""
    if program.name in losses:
        return
    losses[program.name] = program.losses
    if len(losses) < 2:
        return
    for index, what in enumerate(("next-token loss", "flow loss", "norm of the gradients")):
        ours, official = losses["ours"][index], losses["official"][index]
        difference = abs(ours - official) / max(abs(official), 1e-12)
        print(f"{what}: ours {ours:.8g}, official {official:.8g}, relative difference {difference:.1e}", flush=True)
        if not difference <= 1e-3:
            raise SystemExit("the two do not compute the same step")


opened = {}
try:
    if not APART:
        for name in COMMANDS:
            opened[name] = Program(name)
            compare_losses(opened[name])
    for turn in range(ROUNDS):
        for name in list(COMMANDS) if turn % 2 == 0 else list(reversed(COMMANDS)):
            if APART:
                opened[name] = Program(name)
                compare_losses(opened[name])
            measure(opened[name], turn)
            if APART:
                opened.pop(name).close()
finally:
    for program in opened.values():
        program.close()

for index, what in enumerate(("wall clock", "processor time")):
    medians = {name: statistics.median(step[index] for step in steps) for name, steps in taken.items()}
    ratios = [ours[index] / official[index] for ours, official in zip(taken["ours"], taken["official"])]
    print(
        f"step, {what}: ours {medians['ours']:.0f} ms, official {medians['official']:.0f} ms,"
        f" ratio of the medians {medians['ours'] / medians['official']:.2f}"
        f" (rounds {min(ratios):.2f} to {max(ratios):.2f})"
    )
print(
    f"peak memory: ours {peak['ours']:.0f} MB, official {peak['official']:.0f} MB,"
    f" ratio {peak['ours'] / peak['official']:.2f}"
)
