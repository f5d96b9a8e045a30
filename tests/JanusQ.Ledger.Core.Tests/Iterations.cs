using System.Globalization;

namespace JanusQ.Ledger.Core.Tests;

/// <summary>
/// How many samples a property takes: as many as it asks for, or as few as the variable JANUSQ_PROPERTY_ITERATIONS allows. Mutation testing
/// runs the same property thousands of times and finds what it finds in the first few samples.
/// </summary>
internal static class Iterations
{
    public const string Variable = "JANUSQ_PROPERTY_ITERATIONS";

    private static readonly long Most =
        long.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            ? most
            : long.MaxValue;

    public static long Of(long usual) => Math.Min(usual, Most);
}
