using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Lane.Evaluation;

/// <summary>Sums, means and deviations of decimals, every operation finished (lane.md sections 9, 10.4 and 14).</summary>
internal static class DecimalStatistics
{
    /// <summary>The sum in order / the number; there must be values.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static Decimal28 Mean(ReadOnlySpan<Decimal28> values) => Decimal28.Sum(values) / Decimal28.Of(values.Length);

    /// <summary>sqrt(sum of square(v − m) in order / the number); <c>0</c> for fewer than two values.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static Decimal28 Deviation(ReadOnlySpan<Decimal28> values, in Decimal28 mean)
    {
        if (values.Length < 2) return Decimal28.Zero;
        var sum = Decimal28.Zero;
        foreach (ref readonly var value in values) sum += Decimal28.Square(value - mean);
        return Decimal28.Sqrt(sum / Decimal28.Of(values.Length));
    }
}
