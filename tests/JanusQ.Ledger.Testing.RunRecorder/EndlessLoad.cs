using System.Globalization;
using JanusQ.Ledger.Hosting;

namespace JanusQ.Ledger.Testing.RunRecorder;

/// <summary>
/// Issues commands without end, several at a time, and says every one that was answered as recorded on a line of its own; to be killed.
/// </summary>
public static class EndlessLoad
{
    /// <summary>Begins the line of an acknowledged command.</summary>
    public const string Said = "recorded ";

    private const int Actors = 4;

    /// <summary>Runs until it is killed, or until a command fails because the database went away.</summary>
    public static async Task RunAsync(LedgerHost host, string name, int seed)
    {
        await Task.WhenAll(
            Enumerable.Range(0, Actors).Select(actor => Task.Run(() => ActAsync(host, $"{name}-{actor}", new Random(seed + actor)))));
    }

    private static async Task ActAsync(LedgerHost host, string name, Random random)
    {
        var actions = Enum.GetValues<LoadAction>();
        for (var number = 0; ; number++)
        {
            // Submissions, approvals and requests come more often than the rest, so that something is promoted at all.
            var action = random.Next(2) == 0 ? actions[random.Next(3)] : actions[random.Next(actions.Length)];
            var command = new LoadCommand(action, random.Next(PromotableRun.Count));
            var mark = $"{name}-{number.ToString(CultureInfo.InvariantCulture)}";
            if (await command.IssueAsync(host, mark, CancellationToken.None) is { } acknowledged)
                Console.WriteLine($"{Said}{acknowledged.Action} {acknowledged.Mark}");
        }
    }
}
