using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Safety;

/// <summary>The safety controls as they stand.</summary>
public sealed partial class SafetyProjection : StreamProjection<SafetyControls, SafetyEvent>
{
    /// <inheritdoc />
    protected override SafetyControls After(SafetyControls? state, string stream, SafetyEvent happened) =>
        string.Equals(stream, SafetyControls.Stream, StringComparison.Ordinal)
            ? (state ?? SafetyControls.Unrehearsed).After(happened)
            : throw new ArgumentException($"'{stream}' is not the stream of safety controls.", nameof(stream));
}
