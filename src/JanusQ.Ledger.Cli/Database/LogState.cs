using System.Globalization;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Log;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Database;

/// <summary>How far the transparency log has come, as <c>db status</c> says it.</summary>
/// <param name="Status">How far; none where there is no log, or where it cannot be said.</param>
/// <param name="CheckpointAge">How old the last checkpoint is; none where there is none.</param>
/// <param name="Refusal">Why it cannot be said; none where it can.</param>
internal sealed record LogState(LogStatus? Status, TimeSpan? CheckpointAge, Refusal? Refusal)
{
    public static readonly LogState None = new(null, null, null);

    /// <summary>Asks; a log that is broken is told, not thrown.</summary>
    public static async Task<LogState> AskAsync(LogReader reader, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            var status = await reader.StatusAsync(cancellation).ConfigureAwait(false);
            return new LogState(status, clock.GetUtcNow() - status?.Checkpoint?.IssuedAt, null);
        }
        catch (LogStoppedException stopped)
        {
            return new LogState(null, null, stopped.Refusal);
        }
    }

    public JsonObject ToJson() => JsonObject.Of(
        ("size", Status?.Size ?? 0),
        ("last_sequence", Status?.LastSequence ?? 0),
        ("events_behind", Status?.EventsBehind ?? 0),
        ("open_appends", Status?.OpenAppends ?? 0),
        ("checkpoint", Status?.Checkpoint is { } checkpoint ? CheckpointJson(checkpoint) : JsonValue.Null),
        ("refused", Refusal is { } refusal
            ? JsonObject.Of(("code", refusal.Code), ("message", refusal.Explanation))
            : JsonValue.Null));

    public void Show(IAnsiConsole console)
    {
        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
        if (Refusal is { } refusal) console.WriteLine($"refused {refusal.Code}: {refusal.Explanation}");
        if (Status is not { } status) return;
        var signed = status.Checkpoint is { } checkpoint
            ? $"{Number(checkpoint.Size)} of them signed {Number((long)CheckpointAge!.Value.TotalSeconds)} s ago"
            : "none of them signed";
        console.WriteLine($"{Number(status.Size)} events in the transparency log, {signed}, {Number(status.EventsBehind)} not in it yet");
    }

    private JsonObject CheckpointJson(LogCheckpoint checkpoint) => JsonObject.Of(
        ("origin", checkpoint.Signed.Checkpoint.Origin),
        ("size", checkpoint.Size),
        ("root", checkpoint.Root),
        ("issued_at", Instant.Of(checkpoint.IssuedAt).ToString()),
        ("age_seconds", (long)CheckpointAge!.Value.TotalSeconds));
}
