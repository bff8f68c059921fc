"""What the programs beside share: a step is carried out until it is timed."""

import json
import time

WARM_UP, LEAST, MOST, SECONDS = 10, 20, 300, 4.0


class Steps:
    """Counts the steps of a training: `while steps.more(): ...`; prints their median as JSON at the end.

    The first WARM_UP steps are not counted: compiling and tracing fall into them.
    """

    def __init__(self):
        self._times, self._begun = [], time.time()

    def more(self):
        self._times.append(time.time())
        counted = len(self._times) - 1 - WARM_UP
        if counted < LEAST or (counted < MOST and time.time() - self._begun < SECONDS):
            return True
        ends = self._times[WARM_UP:]
        each = sorted(b - a for a, b in zip(ends, ends[1:]))
        print(json.dumps({"ms": 1000 * each[len(each) // 2], "steps": len(each)}), flush=True)
        return False
