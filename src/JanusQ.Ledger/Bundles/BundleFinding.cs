using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Bundles;

/// <summary>One place where a bundle is not what it must be.</summary>
/// <param name="Code">A stable name.</param>
/// <param name="Place">The file, and within it the event or the member.</param>
/// <param name="Expected">What follows from the rest.</param>
/// <param name="Found">What stands there.</param>
public sealed record BundleFinding(string Code, string Place, string Expected, string Found)
{
    /// <summary>Members <c>code</c>, <c>place</c>, <c>expected</c>, <c>found</c>.</summary>
    public JsonObject ToJson() => JsonObject.Of(("code", Code), ("place", Place), ("expected", Expected), ("found", Found));

    /// <inheritdoc />
    public override string ToString() => $"{Code} at {Place}: expected {Expected}, found {Found}";
}

/// <summary>Findings, the first thousand of them: who alters everything is not to fill the memory of who looks.</summary>
internal sealed class BundleFindings
{
    public const int MostKept = 1000;

    private readonly List<BundleFinding> _kept = [];

    /// <summary>Those that are kept, in the order in which they were found.</summary>
    public IReadOnlyList<BundleFinding> Kept => _kept;

    /// <summary>How many there are, kept or not.</summary>
    public long Count { get; private set; }

    public void Add(string code, string place, string expected, string found) => Add(new BundleFinding(code, place, expected, found));

    public void Add(BundleFinding finding)
    {
        Count++;
        if (_kept.Count < MostKept) _kept.Add(finding);
    }
}
