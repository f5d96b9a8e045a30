using System.Collections.Immutable;
using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>The hashes of a proof, one a line in base 64.</summary>
internal static class ProofLines
{
    /// <summary>Reads lines, each with its newline, and nothing behind them.</summary>
    public static bool TryRead(ReadOnlySpan<char> lines, int most, out ImmutableArray<Sha256Hash> hashes)
    {
        var found = ImmutableArray.CreateBuilder<Sha256Hash>();
        hashes = [];
        while (!lines.IsEmpty)
        {
            if (found.Count == most || !LogText.TryLine(ref lines, out var line) || !LogText.TryHash(line, out var hash)) return false;
            found.Add(hash);
        }

        hashes = found.ToImmutable();
        return true;
    }

    public static void Append(StringBuilder target, ImmutableArray<Sha256Hash> hashes)
    {
        foreach (var hash in hashes) target.Append(LogText.Of(hash)).Append('\n');
    }
}
