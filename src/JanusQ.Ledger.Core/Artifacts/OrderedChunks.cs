using System.Runtime.ExceptionServices;

namespace JanusQ.Ledger.Core.Artifacts;

/// <summary>
/// Work cut into chunks that are made on several threads and taken over strictly in order, so that the outcome does not depend on how many
/// threads there are.
/// </summary>
internal static class OrderedChunks
{
    private const int WorkpiecesPerThread = 3;

    /// <summary>Makes every chunk on one of <paramref name="threads"/> threads and takes each over in order, one at a time.</summary>
    /// <param name="chunks">Number of chunks.</param>
    /// <param name="threads">Number of threads, this one included; 1 works without any other.</param>
    /// <param name="create">Makes an empty workpiece; workpieces are reused, their number is bounded.</param>
    /// <param name="make">Fills a workpiece with a chunk.</param>
    /// <param name="take">Takes a filled workpiece over.</param>
    public static void Run<T>(int chunks, int threads, Func<T> create, Action<int, T> make, Action<T> take)
        where T : class
    {
        threads = Math.Min(threads, chunks);
        if (threads <= 1)
        {
            if (chunks == 0) return;
            var workpiece = create();
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                make(chunk, workpiece);
                take(workpiece);
            }

            return;
        }

        using var line = new Line<T>(chunks, threads, create, make, take);
        line.Run();
    }

    private sealed class Line<T>(int chunks, int threads, Func<T> create, Action<int, T> make, Action<T> take) : IDisposable
        where T : class
    {
        private readonly Lock _gate = new();
        private readonly SemaphoreSlim _room = new(threads * WorkpiecesPerThread);
        private readonly Stack<T> _free = new();
        private readonly T?[] _made = new T?[chunks];
        private int _next;
        private int _taken;
        private bool _taking;
        private Exception? _failure;

        public void Run()
        {
            var others = Enumerable.Range(1, threads - 1).Select(_ => Task.Run(Work)).ToArray();
            Work();
            Task.WaitAll(others);
            if (_failure is not null) ExceptionDispatchInfo.Throw(_failure);
        }

        public void Dispose() => _room.Dispose();

        private void Work()
        {
            try
            {
                // A workpiece is claimed before a chunk's number is, so the lowest chunk that is not yet made always has one.
                while (true)
                {
                    _room.Wait();
                    int chunk;
                    T? workpiece;
                    lock (_gate)
                    {
                        chunk = _failure is null ? _next++ : chunks;
                        _free.TryPop(out workpiece);
                    }

                    if (chunk >= chunks)
                    {
                        _room.Release();
                        return;
                    }

                    workpiece ??= create();
                    make(chunk, workpiece);
                    TakeOver(chunk, workpiece);
                }
            }
            catch (Exception failure)
            {
                lock (_gate) _failure ??= failure;
                _room.Release(threads * WorkpiecesPerThread);
            }
        }

        private void TakeOver(int chunk, T workpiece)
        {
            lock (_gate)
            {
                _made[chunk] = workpiece;
                if (_taking) return;
                _taking = true;
            }

            while (true)
            {
                T? ready;
                lock (_gate)
                {
                    ready = _taken < chunks ? _made[_taken] : null;
                    if (ready is null)
                    {
                        _taking = false;
                        return;
                    }

                    _made[_taken++] = null;
                }

                take(ready);
                lock (_gate) _free.Push(ready);
                _room.Release();
            }
        }
    }
}
