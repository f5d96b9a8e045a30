using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Signals;

/// <summary>Signals sorted by (instant, symbol, sequence), stable, with every symbol's rank (artifacts.md section 5.5).</summary>
public sealed class SortedSignals
{
    private readonly Signal[] _signals;
    private readonly int[] _ranks;

    private SortedSignals(Signal[] signals, int[] ranks, int symbols)
    {
        _signals = signals;
        _ranks = ranks;
        SymbolCount = symbols;
    }

    /// <summary>Number of signals.</summary>
    public int Count => _signals.Length;

    /// <summary>Number of distinct symbols.</summary>
    public int SymbolCount { get; }

    /// <summary>The signals in order.</summary>
    public ReadOnlySpan<Signal> Signals => _signals;

    /// <summary>For each signal in order the rank of its symbol among the distinct ones, 0 for the first by code point.</summary>
    public ReadOnlySpan<int> SymbolRanks => _ranks;

    /// <summary>A signal by its place in the order.</summary>
    public Signal this[int index] => _signals[index];

    /// <summary>Sorts signals; those equal in all three keys keep their input order.</summary>
    public static SortedSignals Of(IReadOnlyList<Signal> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var sorted = signals.ToArray();
        var rankOf = Rank(sorted);
        var keys = new Key[sorted.Length];
        var inOrder = true;
        for (var i = 0; i < sorted.Length; i++)
        {
            keys[i] = new Key(sorted[i].EventTime.Micros, rankOf[sorted[i].Symbol.Value], sorted[i].SequenceOrZero, i);
            if (inOrder && i > 0 && keys[i - 1].CompareTo(keys[i]) > 0) inOrder = false;
        }

        // The position breaks ties, which makes any sort a stable one.
        if (!inOrder) Array.Sort(keys, sorted);
        return new SortedSignals(sorted, Array.ConvertAll(keys, static key => key.Symbol), rankOf.Count);
    }

    private static Dictionary<string, int> Rank(Signal[] signals)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var signal in signals) ranks.TryAdd(signal.Symbol.Value, 0);
        var names = ranks.Keys.ToArray();
        Array.Sort(names, CodePoints.Compare);
        for (var i = 0; i < names.Length; i++) ranks[names[i]] = i;
        return ranks;
    }

    private readonly record struct Key(long Instant, int Symbol, long Sequence, int Position) : IComparable<Key>
    {
        public int CompareTo(Key other)
        {
            var order = Instant.CompareTo(other.Instant);
            if (order == 0) order = Symbol.CompareTo(other.Symbol);
            if (order == 0) order = Sequence.CompareTo(other.Sequence);
            return order != 0 ? order : Position.CompareTo(other.Position);
        }
    }
}
