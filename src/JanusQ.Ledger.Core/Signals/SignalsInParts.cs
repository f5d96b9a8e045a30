namespace JanusQ.Ledger.Core.Signals;

/// <summary>
/// Reads a large signals document on several threads. Where an element begins is guessed; a part is only accepted if it ends with a whole
/// element and a comma exactly where the next one begins, so a wrong guess is noticed, and the document is then read in one piece.
/// </summary>
internal static class SignalsInParts
{
    private const int SmallestPart = 1 << 18;

    /// <summary>
    /// The signals, or null where the document has to be read in one piece: it is small, not acceptable, or was cut in the wrong place.
    /// </summary>
    public static List<Signal>? TryRead(byte[] document, int threads)
    {
        var starts = Cut(document, Math.Min(threads, document.Length / SmallestPart));
        if (starts.Count < 2) return null;
        var parts = new List<Signal>?[starts.Count];
        Parallel.For(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
            parts[i] = SignalsDocument.TryReadPart(document, starts[i], i + 1 < starts.Count ? starts[i + 1] : document.Length));
        var signals = new List<Signal>(parts.Sum(part => part?.Count ?? 0));
        foreach (var part in parts)
        {
            if (part is null) return null;
            var before = signals.Count;
            foreach (var signal in part) signal.Index += before;
            signals.AddRange(part);
        }

        return signals;
    }

    /// <summary>
    /// The begin, and places that look like the begin of an element: a brace that opens a line behind a comma, or right behind one.
    /// </summary>
    private static List<int> Cut(byte[] document, int parts)
    {
        var starts = new List<int> { 0 };
        for (var part = 1; part < parts; part++)
        {
            var from = Math.Max((int)((long)document.Length * part / parts), starts[^1] + 1);
            var rest = document.AsSpan(from);
            foreach (var pattern in new[] { ",\n{"u8.ToArray(), "},{"u8.ToArray() })
            {
                var at = rest.IndexOf(pattern);
                if (at < 0) continue;
                starts.Add(from + at + pattern.Length - 1);
                break;
            }
        }

        return starts;
    }
}
