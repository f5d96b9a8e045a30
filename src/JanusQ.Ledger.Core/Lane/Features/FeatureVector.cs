using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Features;

/// <summary>The features of one signal (lane.md section 6).</summary>
/// <param name="Features">The five that travel with decisions.</param>
/// <param name="Error">
/// Why there is no vector: <c>incompatible_feature_schema:…</c> or <c>missing_required_features:…</c>; null if there is one.
/// </param>
/// <param name="Normalized">The object that is hashed; null without a vector.</param>
/// <param name="NormalizationHash">Its hash; null without a vector.</param>
public sealed record FeatureVector(SignalFeatures Features, string? Error, JsonObject? Normalized, Sha256Hash? NormalizationHash)
{
    /// <summary>Reads the features of a signal.</summary>
    /// <exception cref="RefusedException"><c>arithmetic_out_of_range</c>.</exception>
    public static FeatureVector Of(Signal signal)
    {
        var reader = new FeatureReader();
        reader.Load(signal);
        try
        {
            if (reader.VectorError() is { } error) return new FeatureVector(reader.Signal, error, null, null);
        }
        catch (DecimalRangeException outOfRange)
        {
            throw new RefusedException(new Refusal("arithmetic_out_of_range", $"A feature has no value in range. {outOfRange.Message}"));
        }

        return new FeatureVector(reader.Signal, null, reader.Vector(), reader.NormalizationHash);
    }
}
