namespace JanusQ.Ledger.Core.Canonical;

/// <summary>A document is refused as a whole (artifacts.md section 1).</summary>
public sealed class JsonRejectedException(string reason, int offset, int line, int column)
    : Exception($"{reason} at line {line}, column {column} (byte {offset})")
{
    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; } = reason;

    /// <summary>Zero-based position of the fault, in bytes.</summary>
    public int Offset { get; } = offset;

    /// <summary>Line of the fault, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Column of the fault, from 1, in bytes.</summary>
    public int Column { get; } = column;
}
