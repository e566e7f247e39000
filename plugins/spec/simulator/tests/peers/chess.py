"""What the client of chess-pyspec does with a simulated spec: PORT and the name of one of the functions below."""

import asyncio
import sys

import numpy as np
from pyspec import RemoteException
from pyspec.client import Client

PORT = int(sys.argv[1])
LIMIT = 20


def client():
    return Client("127.0.0.1", PORT)


async def refused(awaitable, part):
    """Waits for what must fail with these words."""
    try:
        result = await awaitable
    except RemoteException as error:
        assert part in str(error), error
    else:
        raise AssertionError(f"it was not refused: {result!r}")


async def variables():
    async with client() as spec:
        h = spec.var("H")
        await h.set(123)
        assert await h.get() == 123
        async with h.subscribed():
            async with h.wait_for_update(5, timeout=LIMIT):
                await spec.exec("H = 5")
        await spec.var("name").set("a text")
        assert await spec.var("name").get() == "a text"


async def associative():
    async with client() as spec:
        await spec.exec("x = [1:0]")
        one = spec.var("x[1]")
        await one.set("one")
        assert await one.get() == "one"
        await spec.exec("x = [1:2:0]")
        two = spec.var("x[1][2]")
        await two.set("one two")
        assert await two.get() == "one two"
        whole = await spec.var("x").get()
        whole[1, 2] = "three"
        await spec.var("x").set(whole)
        assert (await spec.var("x").get())[1, 2] == "three"
        async with two.subscribed():
            async with two.wait_for_update("four", timeout=LIMIT):
                await spec.exec('x[1][2] = "four"')


async def arrays():
    async with client() as spec:
        kinds = [np.float64, np.float32, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]
        for kind in kinds:
            for sent in [np.arange(5, dtype=kind), np.arange(6, dtype=kind).reshape(2, 3)]:
                await spec.var("array").set(sent)
                got = await spec.var("array").get()
                assert got.dtype == sent.dtype and np.array_equal(np.squeeze(got), sent), (sent, got)
        await spec.var("array").set(np.array(["abc", "de"]))
        assert list(await spec.var("array").get()) == ["abc", "de"]


async def motors():
    async with client() as spec:
        phi, kappa = spec.motor("phi"), spec.motor("kappa")
        async with phi:
            await asyncio.wait_for(phi.move(12.5), LIMIT)
            assert await phi.position.get() == 12.5
            assert not await phi.moving.get()
            task = await asyncio.wait_for(phi.start_move(20), LIMIT)
            await asyncio.wait_for(task, LIMIT)
        assert await phi.position.get() == 20
        async with spec.synchronized_motors(timeout=LIMIT):
            phi.prepare_move(1)
            kappa.prepare_move(3)
        assert (await phi.position.get(), await kappa.position.get()) == (1, 3)
        async with phi.high_limit.subscribed(), phi.low_limit.subscribed():
            async with phi.high_limit.wait_for_update(10, timeout=LIMIT):
                await phi.set_limits(-10, 10)
        async with spec.motor("phiz").high_lim_hit.subscribed() as hit:
            async with hit.wait_for_update(True, timeout=LIMIT):
                await spec.motor("phiz").search("lim+")
        async with phi.offset.subscribed() as offset:
            async with offset.wait_for_update(2, timeout=LIMIT):
                await phi.offset.set(2)
        assert await phi.position.get() == 3


async def functions():
    async with client() as spec:
        assert await spec.call("add", 2, 3) == 5
        await spec.var("H").set(4)
        assert await spec.call("add", spec.var("H"), 3) == 7
        assert await spec.call("motor_num", "phiz") == 1
        assert await spec.exec("1 + 1") == 2
        async with spec.output("tty").capture() as lines:
            await spec.exec('print("Hello, world!")')
        assert lines[-1] == "Hello, world!\n", lines


async def errors():
    async with client() as spec:
        await refused(spec.var("nothing").get(), '"nothing" does not exist')
        await refused(spec.motor("nothing").position.get(), "not a motor")
        await refused(spec.call("nothing", 1), "nothing")
        await refused(spec.exec("1 +"), "Syntax error")
        await refused(spec.exec("umv phiz 99"), "high limit")


async def status():
    async with client() as spec:
        state = spec.status()
        async with state:
            assert await state.ready.get() and not await state.shell.get()
            async with state.ready.wait_for_update(True, timeout=LIMIT):
                await spec.exec("sleep(0.5)")
        async with spec.count().subscribed() as count:
            async with count.wait_for_update(False, timeout=LIMIT):
                await count.set(1)


async def abort():
    async with client() as spec:
        try:
            await spec.exec("sleep(100000)", timeout=0.5)
        except asyncio.CancelledError:
            pass
        else:
            raise AssertionError("it must take longer")
        assert await asyncio.wait_for(spec.exec("1 + 1"), LIMIT) == 2


async def reconnect():
    async with client() as spec:
        await spec._connection.remote_cmd_no_return("mxsim_fault restart m0 m1")
        await asyncio.wait_for(spec._connection._listener, LIMIT)
    for _ in range(LIMIT * 20):
        try:
            async with client() as spec:
                assert await spec.motor("m1").position.get() == 0
                return
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
    raise AssertionError("it did not come back")


asyncio.run(asyncio.wait_for(globals()[sys.argv[2]](), 3 * LIMIT))
