"""A spec server that others wrote, chess-pyspec, with one motor, variables and functions; for tests/spec.rs.

Prints its port, and ends when standard input is closed.
"""

import asyncio
import sys

from pyspec.server import Property, Server, Variable, remote_function

STEP_SECS = 0.02
STEPS = 25


class Beamline(Server):
    def __init__(self, port):
        def motor(name, value):
            return Property(f"motor/phi/{name}", value)

        self.position = motor("position", 10.0)
        self.dial_position = motor("dial_position", 10.0)
        self.offset = motor("offset", 0.0)
        self.sign = motor("sign", 1)
        self.low_limit = motor("low_limit", -100.0)
        self.high_limit = motor("high_limit", 100.0)
        self.move_done = motor("move_done", 0)
        self.low_lim_hit = motor("low_lim_hit", 0)
        self.high_lim_hit = motor("high_lim_hit", 0)
        self.unusable = motor("unusable", 0)
        self.motor_fault = motor("motor_fault", 0)
        self.emergency_stop = motor("emergency_stop", 0)
        self.step_size = motor("step_size", 1000)
        self.slew_rate = motor("slew_rate", 2000)
        self.sync_check = motor("sync_check", "")
        self.start_one = motor("start_one", 0.0)
        self.prestart_all = Property("motor/../prestart_all", 0)
        self.start_all = Property("motor/../start_all", 0)
        self.ready = Property("status/ready", 1)
        self.simulate = Property("status/simulate", 0)
        self.shell = Property("status/shell", 0)
        self.error = Property("error", "")
        self.tty = Property("output/tty", "")
        self.number = Variable("NUMBER", 4.5)
        self.words = Variable("WORDS", "cold")
        self.moving = None
        super().__init__("127.0.0.1", port)
        self.start_one.on("update", lambda to: self.go(float(to)))

    def go(self, to):
        if not self.low_limit.get() <= to <= self.high_limit.get():
            self.error.set(f"phi: {to} is outside the limits")
            return
        self.moving = asyncio.get_running_loop().create_task(self.move(to))

    async def move(self, to):
        begun = self.position.get()
        self.move_done.set(1)
        try:
            with self.abortable(asyncio.current_task()):
                for step in range(1, STEPS + 1):
                    await asyncio.sleep(STEP_SECS)
                    at = begun + (to - begun) * step / STEPS
                    self.dial_position.set(at)
                    self.position.set(at)
        except asyncio.CancelledError:
            pass
        finally:
            self.move_done.set(0)

    @remote_function
    def add(self, a, b):
        return a + b

    @remote_function
    async def slow(self, seconds):
        await asyncio.sleep(float(seconds))
        return seconds


async def main(port):
    async with Beamline(port):
        print(port, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main(int(sys.argv[1])))
