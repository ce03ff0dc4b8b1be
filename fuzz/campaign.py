#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the fuzz targets under libFuzzer for a time each and says what they reached and found.

A target passes when it finds nothing and reaches its floor (floors.txt): so many edges from its seeds alone, and so many
after the campaign. New inputs come into WORK/corpus/<target> only through -merge=1. What breaks a claim is kept in
WORK/findings, named by target, with the line that replays it. The canary, a planted bug, must be found as well.

usage: campaign.py --bin FOLDER --work FOLDER [--seconds N] [--jobs N] [--log FILE] [--without-seeds] TARGET...|all
"""

import argparse
import configparser
import dataclasses
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

FUZZ = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FUZZ.parent / "property_tests" / "support"))
import junit  # noqa: E402

CANARY_RUNS = 20_000  # it was found within 6,400 with each of ten seeds
CANARY_SEED = 1
PLAIN_EVERY_S = 10
LINE = re.compile(rb"^#(\d+)\s+(\S+)\s+cov: (\d+) ft: (\d+) corp: (\d+)/\S+(?:.*?exec/s: (\d+))?")


@dataclasses.dataclass
class State:
    """What is known of one target, for the status line and the verdict."""

    name: str
    execs: int = 0
    edges: int = 0
    features: int = 0
    corpus: int = 0
    seed_edges: int = 0
    new_files: int = 0
    findings: list = dataclasses.field(default_factory=list)
    started: float = 0.0
    seconds: float = 0.0
    stage: str = ""
    trouble: str = ""

    def rate(self):
        elapsed = self.seconds or (time.monotonic() - self.started if self.started else 0)
        return int(self.execs / elapsed) if elapsed > 0 else 0


class Screen:
    """A live line on a terminal, plain lines elsewhere; everything but the live line also goes to the log."""

    def __init__(self, log):
        self.log = open(log, "w", encoding="utf-8") if log else None
        self.live = sys.stdout.isatty()
        self.lock = threading.Lock()
        self.last_plain = time.monotonic()

    def say(self, text):
        with self.lock:
            print(("\r\033[K" if self.live else "") + text, flush=True)
            if self.log:
                print(text, file=self.log, flush=True)

    def status(self, states):
        running = [s for s in states if s.stage]
        text = "   ".join(f"{s.name} {s.stage}: {s.rate()}/s, cov {s.edges}, corpus {s.corpus}, findings {len(s.findings)}"
                          for s in running)
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            with self.lock:
                print("\r\033[K" + text[:width], end="", flush=True)
        elif running and time.monotonic() - self.last_plain >= PLAIN_EVERY_S:
            self.last_plain = time.monotonic()
            self.say(text)


class Campaign:
    def __init__(self, options, screen):
        self.bin, self.work = pathlib.Path(options.bin), pathlib.Path(options.work)
        self.seconds, self.jobs, self.with_seeds = options.seconds, options.jobs, not options.without_seeds
        self.screen = screen
        self.running, self.stopping = set(), False
        for folder in ("corpus", "findings", "logs"):
            (self.work / folder).mkdir(parents=True, exist_ok=True)

    # ---- what belongs to a target

    def seeds(self, name):
        listed = (self.bin / f"fuzz_{name}.seeds").read_text().split("\n")
        return [folder for folder in listed if folder] if self.with_seeds else []

    def engine_options(self, name):
        parser = configparser.ConfigParser()
        parser.read(FUZZ / f"{name}.options")
        options = dict(parser["libfuzzer"]) if parser.has_section("libfuzzer") else {}
        dictionary = FUZZ / options.pop("dict", f"{name}.dict")
        if dictionary.exists() and self.with_seeds:
            options["dict"] = dictionary
        return [f"-{key}={value}" for key, value in options.items()]

    # ---- running one

    def engine(self, state, arguments, log):
        """Runs the target and follows its lines; returns its exit code."""
        command = [self.bin / f"fuzz_{state.name}", *arguments]
        with open(self.work / "logs" / log, "wb") as out:
            process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            self.running.add(process)
            for line in process.stderr:
                out.write(line)
                seen = LINE.match(line)
                if seen:
                    state.edges = max(state.edges, int(seen[3]))
                    state.features = max(state.features, int(seen[4]))
                    state.corpus = int(seen[5])
                    if state.stage == "runs":
                        state.execs = max(state.execs, int(seen[1]))
            code = process.wait()
            self.running.discard(process)
        return code

    def arguments(self, name):
        return [*self.engine_options(name), "-print_final_stats=0", "-timeout=25", "-rss_limit_mb=2048",
                f"-artifact_prefix={self.work}/findings/{name}."]

    def note_findings(self, state, before):
        for path in sorted(set((self.work / "findings").glob(f"{state.name}.*")) - before):
            state.findings.append(path)

    def fuzz(self, state, processes):
        corpus, scratch = self.work / "corpus" / state.name, self.work / "scratch" / state.name
        before = set((self.work / "findings").glob(f"{state.name}.*"))
        shutil.rmtree(scratch, ignore_errors=True)
        for folder in (corpus, scratch):
            folder.mkdir(parents=True, exist_ok=True)
        common, seeds = self.arguments(state.name), self.seeds(state.name)
        own = [corpus] if self.with_seeds else []

        state.stage = "seeds"
        codes = [self.engine(state, [*common, "-runs=0", *seeds], f"{state.name}.seeds.log")]
        state.seed_edges = state.edges
        if codes == [0]:
            state.stage, state.started = "runs", time.monotonic()
            codes = self.side_by_side(state, processes, [*common, f"-max_total_time={self.seconds}", scratch, *own, *seeds])
            state.seconds = time.monotonic() - state.started
        if self.with_seeds and not self.stopping:
            state.stage = "merge"
            had = len(list(corpus.iterdir()))
            self.engine(State(state.name), [*common, "-merge=1", "-max_total_time=120", corpus, scratch],
                        f"{state.name}.merge.log")
            state.new_files = len(list(corpus.iterdir())) - had
        self.note_findings(state, before)
        if any(codes) and not state.findings and not self.stopping:
            state.trouble = f"ended with code {max(codes)}; see {self.work}/logs/{state.name}.0.log"
        state.stage = ""
        shutil.rmtree(scratch, ignore_errors=True)

    def side_by_side(self, state, processes, arguments):
        codes = [1] * processes

        def one(number):
            codes[number] = self.engine(state, arguments, f"{state.name}.{number}.log")

        threads = [threading.Thread(target=one, args=(number,)) for number in range(processes)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return codes

    def canary(self, state):
        """True when the planted bug was found in time."""
        state.stage, state.started = "runs", time.monotonic()
        prefix = self.work / "canary."
        log = self.work / "logs" / "canary.0.log"
        self.engine(state, [*self.engine_options("canary"), f"-runs={CANARY_RUNS}", f"-seed={CANARY_SEED}",
                            f"-artifact_prefix={prefix}"], log.name)
        state.seconds, state.stage = time.monotonic() - state.started, ""
        return b"claim does not hold" in log.read_bytes()

    # ---- all of them

    def run(self, names):
        states = [State(name) for name in names]
        waiting, lock = list(states), threading.Lock()
        processes = max(1, self.jobs // max(1, len(names)))

        def worker():
            while True:
                with lock:
                    if not waiting or self.stopping:
                        return
                    state = waiting.pop(0)
                self.fuzz(state, processes)
                self.screen.say(self.report(state))

        workers = [threading.Thread(target=worker) for _ in range(min(self.jobs, len(names)))]
        for thread in workers:
            thread.start()
        try:
            while any(thread.is_alive() for thread in workers):
                self.screen.status(states)
                time.sleep(0.2)
        except KeyboardInterrupt:
            self.stop()
        for thread in workers:
            thread.join()
        return states

    def stop(self):
        self.stopping = True
        for process in list(self.running):
            process.terminate()

    def report(self, state):
        for path in state.findings:
            self.screen.say(f"finding: {state.name}: {self.reason(state)}\n"
                            f"  replay: {self.bin}/fuzz_{state.name} {path}")
        return (f"figure: {state.name:15} {state.rate():7} execs/s  {state.execs:9} execs  edges {state.seed_edges} from seeds,"
                f" {state.edges} in all  features {state.features}  corpus {state.corpus} (+{state.new_files} kept)"
                f"  findings {len(state.findings)}")

    def reason(self, state):
        for log in sorted((self.work / "logs").glob(f"{state.name}.*.log")):
            for line in log.read_text(errors="replace").splitlines():
                if line.startswith("claim does not hold") or line.startswith("does not hold") or "ERROR: " in line:
                    return line.strip()
        return f"see {self.work}/logs"


def floors():
    """Target: edges from its seeds alone, edges in all."""
    found = {}
    for line in (FUZZ / "floors.txt").read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            found[words[0]] = (int(words[1]), int(words[2]))
    return found


def below(state, floor):
    """What of its floor a target did not reach; empty: nothing."""
    if floor is None:
        return ["it has no floor in floors.txt"]
    short = []
    if state.seed_edges < floor[0]:
        short.append(f"its seeds reach {state.seed_edges} edges, below the floor of {floor[0]}")
    if state.edges < floor[1]:
        short.append(f"it reached {state.edges} edges in all, below the floor of {floor[1]}")
    return short


def judge(screen, report, states, with_seeds):
    """Says what failed, and reports each target. Without seeds a target passes when its floor notices."""
    known = floors()
    for state in states:
        short = below(state, known.get(state.name))
        if not with_seeds:
            notices = bool(short) and state.name in known
            screen.say(f"{state.name}: " + ("floor notices: " if notices else "FAILED: reaches its floor without seeds ") +
                       "; ".join(short))
            report.case(state.name, notices, "it reaches its floor without seeds")
            continue
        reasons = [state.trouble] if state.trouble else short
        if state.findings:
            reasons = ["findings: " + " ".join(path.name for path in state.findings)]
        if not report.case(state.name, not reasons, "; ".join(reasons)):
            screen.say(f"{state.name}: FAILED: " + "; ".join(reasons))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--log")
    parser.add_argument("--without-seeds", action="store_true", help="show that the floors notice missing seeds")
    parser.add_argument("targets", nargs="+")
    options = parser.parse_args()
    built = sorted(path.stem.removeprefix("fuzz_") for path in pathlib.Path(options.bin).glob("fuzz_*.seeds"))
    everything = options.targets == ["all"]
    names = [name for name in built if name != "canary"] if everything else options.targets
    unknown = [name for name in names if name not in built or name == "canary"]
    if unknown or not names:
        sys.exit(f"no fuzz target '{' '.join(unknown)}'; there are: {' '.join(n for n in built if n != 'canary')}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
    screen, report = Screen(options.log), junit.Report("fuzz")
    campaign = Campaign(options, screen)
    if everything and campaign.with_seeds:
        state = State("canary")
        found = campaign.canary(state)
        report.case("canary", found, f"not found within {CANARY_RUNS} runs")
        screen.say(f"figure: canary          {'found' if found else 'FAILED: not found'} within {CANARY_RUNS} runs"
                   f" (about {state.execs}, {state.seconds:.1f} s)")
    states = campaign.run(names)
    if campaign.stopping:
        sys.exit(130)
    judge(screen, report, states, campaign.with_seeds)
    return report.end(screen.say)


if __name__ == "__main__":
    sys.exit(main())
