using CsCheck;
using JanusQ.Ledger.Core.Artifacts;

namespace JanusQ.Ledger.Core.Tests.Artifacts;

public class OrderedChunksTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private sealed class Workpiece
    {
        public int Chunk = -1;
        public int Users;
    }

    [Fact]
    public void chunks_are_taken_over_once_each_in_order_from_few_workpieces() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 16], Gen.Int[0, 3]).Sample(
        (chunks, threads, unrest) =>
        {
            var created = 0;
            var taken = new List<int>();
            var takers = 0;
            InTime(() => OrderedChunks.Run(
                chunks,
                threads,
                () =>
                {
                    Interlocked.Increment(ref created);
                    return new Workpiece();
                },
                (chunk, workpiece) =>
                {
                    Assert.Equal(1, Interlocked.Increment(ref workpiece.Users));
                    if (unrest > 0 && chunk % (unrest * 7) == 0) Thread.Yield();
                    if (unrest > 1 && chunk % 400 == 0) Thread.Sleep(1);
                    workpiece.Chunk = chunk;
                },
                workpiece =>
                {
                    Assert.Equal(1, Interlocked.Increment(ref takers));
                    taken.Add(workpiece.Chunk);
                    Interlocked.Decrement(ref workpiece.Users);
                    Interlocked.Decrement(ref takers);
                }));
            Assert.Equal(Enumerable.Range(0, chunks), taken);
            Assert.InRange(created, chunks > 0 ? 1 : 0, threads * 3);
        },
        iter: 300);

    [Fact]
    public void an_exception_of_any_step_surfaces_and_what_was_taken_before_is_a_prefix() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 16], Gen.Int[0, 299], Gen.Int[0, 2]).Sample(
            (chunks, threads, at, step) =>
            {
                var failing = at % chunks;
                var taken = new List<int>();
                var failure = Record.Exception(() => InTime(() => OrderedChunks.Run(
                    chunks,
                    threads,
                    () => step == 2 ? throw new InvalidDataException("create") : new Workpiece(),
                    (chunk, workpiece) =>
                    {
                        if (step == 0 && chunk == failing) throw new InvalidDataException("make");
                        workpiece.Chunk = chunk;
                    },
                    workpiece =>
                    {
                        if (step == 1 && workpiece.Chunk == failing) throw new InvalidDataException("take");
                        taken.Add(workpiece.Chunk);
                    })));
                Assert.IsType<InvalidDataException>(failure);
                Assert.Equal(Enumerable.Range(0, taken.Count), taken);
                Assert.True(taken.Count <= failing);
            },
            iter: 300);

    [Fact]
    public async Task many_runs_at_once_on_a_busy_pool_do_not_starve_each_other()
    {
        var runs = Enumerable.Range(0, 64).Select(run => Task.Run(() =>
        {
            var sum = 0;
            OrderedChunks.Run(50, 8, () => new Workpiece(), (chunk, workpiece) => workpiece.Chunk = chunk, workpiece =>
                sum += workpiece.Chunk);
            return sum;
        })).ToArray();
        Assert.All(await Task.WhenAll(runs).WaitAsync(Patience, TestContext.Current.CancellationToken), sum =>
            Assert.Equal(49 * 50 / 2, sum));
    }

    private static void InTime(Action action)
    {
        var run = Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(Task.WhenAny(run, Task.Delay(Patience)).GetAwaiter().GetResult() == run, "did not end in a minute");
        run.GetAwaiter().GetResult();
    }
}
