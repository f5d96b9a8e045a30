namespace JanusQ.Ledger.Benchmarks;

/// <summary>What comes of the rounds of a comparison.</summary>
internal static class Rounds
{
    /// <summary>The value in the middle, the upper one of two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
