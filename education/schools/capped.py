"""Two small per-process counters: a log that cannot be flooded, and requests a second counted in a few writes."""

import threading
import time


class CappedLog:
    """A logger that writes at most so many lines a minute and then says how many it left out."""

    def __init__(self, logger, *, per_minute):
        self.logger = logger
        self.per_minute = per_minute
        self.lock = threading.Lock()
        self.minute, self.count = 0, 0

    def warning(self, message, *args):
        minute = int(time.time() // 60)
        with self.lock:
            left_out = self.count - self.per_minute if minute != self.minute else 0
            if minute != self.minute:
                self.minute, self.count = minute, 0
            self.count += 1
            wanted = self.count <= self.per_minute
        if left_out > 0:
            self.logger.warning("%d further lines of the minute before were left out", left_out)
        if wanted:
            self.logger.warning(message, *args)
