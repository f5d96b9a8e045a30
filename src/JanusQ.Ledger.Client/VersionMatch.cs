using System.Globalization;

namespace JanusQ.Ledger.Client;

/// <summary>The version for which a change is asked for: a number as the API's answers carry it, or any.</summary>
public readonly record struct VersionMatch
{
    private readonly long? _version;

    private VersionMatch(long version) => _version = version;

    /// <summary>Whatever the version is by now.</summary>
    public static VersionMatch Any => default;

    /// <summary>Only this version.</summary>
    public static VersionMatch Exactly(long version) => new(version);

    /// <summary>As the value of <c>If-Match</c>.</summary>
    public override string ToString() => _version is { } version ? string.Create(CultureInfo.InvariantCulture, $"\"{version}\"") : "*";
}
