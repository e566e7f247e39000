"""The client of chess-pyspec, measured; for `bench spec`.

Arguments: the port of a spec with the function `add`, calls, rounds, events of a round. Prints a line with the seconds of
each call, then `ready` when it follows the property `error`, and after so many events of it a line with the seconds that
they took.
"""

import asyncio
import json
import sys
import time

from pyspec.client import Client

WARM_UP = 100


async def calls(client, count):
    took = []
    for number in range(WARM_UP + count):
        begun = time.perf_counter()
        answer = await client.call("add", number, 1)
        took.append(time.perf_counter() - begun)
        assert float(answer) == number + 1, answer
    print(json.dumps(took[WARM_UP:]), flush=True)


async def events(client, rounds, count):
    seen, begun, done = 0, 0.0, asyncio.Event()

    def take(value):
        nonlocal seen, begun
        if seen == 0:
            begun = time.perf_counter()
        seen += 1
        if seen == count:
            print(json.dumps(time.perf_counter() - begun), flush=True)
            seen = 0
            done.set()

    # What `client.output(...)` is, for the property that our session publishes as it comes.
    async with client._event_stream("error").subscribed() as error:
        error.on("event", take)
        # Packets are worked through in their order: when this is answered, the property is registered.
        await client.call("add", 1, 1)
        print("ready", flush=True)
        for _ in range(rounds):
            await done.wait()
            done.clear()


async def main(port, call_count, rounds, count):
    async with Client("127.0.0.1", port) as client:
        await calls(client, call_count)
        await events(client, rounds, count)


asyncio.run(main(*map(int, sys.argv[1:])))
