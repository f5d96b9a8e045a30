namespace JanusQ.Ledger.Benchmarks.Serving;

/// <summary>Where workers append.</summary>
internal interface IAppends
{
    /// <summary>Begins a run.</summary>
    /// <returns>The evaluation's id.</returns>
    Task<string> StartAsync(WorkersRun run);

    /// <summary>Stores and records one artifact.</summary>
    Task EmitAsync(WorkersRun run, string evaluation, int artifact);

    /// <summary>Stores and records all artifacts at once.</summary>
    Task EmitAllAsync(WorkersRun run, string evaluation);

    /// <summary>Ends a run.</summary>
    Task CompleteAsync(WorkersRun run, string evaluation);
}

/// <summary>How workers go through a run.</summary>
internal static class Appends
{
    /// <summary>Records a run, each request when the one before is answered.</summary>
    /// <param name="appends">Where.</param>
    /// <param name="run">What.</param>
    /// <param name="batch">Whether all artifacts go in one request.</param>
    /// <param name="send">Sends a request: at once, or when it is due.</param>
    public static async Task RecordAsync(this IAppends appends, WorkersRun run, bool batch, Func<Func<Task>, Task> send)
    {
        var evaluation = "";
        await send(async () => evaluation = await appends.StartAsync(run));
        if (batch)
        {
            await send(() => appends.EmitAllAsync(run, evaluation));
        }
        else
        {
            for (var artifact = 0; artifact < run.Artifacts.Length; artifact++)
            {
                var one = artifact;
                await send(() => appends.EmitAsync(run, evaluation, one));
            }
        }

        await send(() => appends.CompleteAsync(run, evaluation));
    }

    /// <summary>Demands that a request recorded what it should.</summary>
    /// <exception cref="InvalidOperationException">It recorded something else.</exception>
    public static void Expect(int appended, int expected)
    {
        if (appended != expected) throw new InvalidOperationException($"{appended} events were recorded instead of {expected}.");
    }
}
