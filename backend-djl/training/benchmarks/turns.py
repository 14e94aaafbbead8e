"""Lets two programs make training steps in turns and compares their time and memory.

Arguments: rounds, the command of ours, the command of the official code. Both talk the same protocol: a first line
"open WALL PROCESSOR" when the model is loaded, then for each line of standard input

  step    "step WALL PROCESSOR": milliseconds of one step, wall clock and processor time
  losses  "losses NEXT_TOKEN FLOW NORM" of the last step, before its update; the norm before clipping
  memory  "memory PEAK ANONYMOUS": megabytes (10^6), the peak resident size and what belongs to no file now

The first step of each is a warm-up, whose losses are compared. The one that begins a round changes from round to round.
"""

import shlex
import statistics
import subprocess
import sys

ROUNDS, COMMANDS = int(sys.argv[1]), {"ours": sys.argv[2], "official": sys.argv[3]}
programs = {
    name: subprocess.Popen(
        shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    for name, command in COMMANDS.items()
}


def answer(name, measurement):
    for line in programs[name].stdout:
        words = line.split()
        if words and words[0] == measurement:
            return [float(word) for word in words[1:]]
    raise SystemExit(f"{name} ended instead of answering '{measurement}'")


def ask(name, measurement):
    programs[name].stdin.write(measurement + "\n")
    programs[name].stdin.flush()
    return answer(name, measurement)


try:
    for name in programs:
        print(name, "open", *answer(name, "open"), flush=True)
    for name in programs:
        print(name, "first step", *ask(name, "step"), flush=True)
    losses = {name: ask(name, "losses") for name in programs}
    for index, what in enumerate(("next-token loss", "flow loss", "norm of the gradients")):
        ours, official = losses["ours"][index], losses["official"][index]
        difference = abs(ours - official) / max(abs(official), 1e-12)
        print(f"{what}: ours {ours:.8g}, official {official:.8g}, relative difference {difference:.1e}")
        if not difference <= 1e-3:
            raise SystemExit("the two do not compute the same step")
    taken = {name: [] for name in programs}
    for turn in range(ROUNDS):
        order = list(programs) if turn % 2 == 0 else list(reversed(programs))
        for name in order:
            taken[name].append(ask(name, "step"))
            print("round", turn + 1, name, *taken[name][-1], flush=True)
    peak = {name: ask(name, "memory") for name in programs}
    for index, what in enumerate(("wall clock", "processor time")):
        medians = {name: statistics.median(step[index] for step in steps) for name, steps in taken.items()}
        ratios = [a[index] / b[index] for a, b in zip(taken["ours"], taken["official"])]
        print(
            f"step, {what}: ours {medians['ours']:.0f} ms, official {medians['official']:.0f} ms,"
            f" ratio of the medians {medians['ours'] / medians['official']:.2f}"
            f" (rounds {min(ratios):.2f} to {max(ratios):.2f})"
        )
    print(
        f"peak memory: ours {peak['ours'][0]:.0f} MB, official {peak['official'][0]:.0f} MB,"
        f" ratio {peak['ours'][0] / peak['official'][0]:.2f}"
    )
finally:
    for program in programs.values():
        program.stdin.close()
    for program in programs.values():
        try:
            program.wait(60)
        except subprocess.TimeoutExpired:
            program.kill()
