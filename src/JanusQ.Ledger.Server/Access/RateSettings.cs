using JanusQ.Ledger.Server.Hosting;

namespace JanusQ.Ledger.Server.Access;

/// <summary>How many requests are answered: on average in a second, and at once after a pause.</summary>
public sealed record RateSettings
{
    /// <summary>Requests of one caller in a second. <c>Rate:CallerPerSecond</c></summary>
    public int CallerPerSecond { get; init; } = 2000;

    /// <summary>Requests of one caller at once. <c>Rate:CallerBurst</c></summary>
    public int CallerBurst { get; init; } = 4000;

    /// <summary>Requests in a second of everybody at one address who is not authenticated. <c>Rate:AddressPerSecond</c></summary>
    public int AddressPerSecond { get; init; } = 100;

    /// <summary>Requests at once of everybody at one address who is not authenticated. <c>Rate:AddressBurst</c></summary>
    public int AddressBurst { get; init; } = 500;

    internal static RateSettings Read(SettingsReader reader)
    {
        var unless = new RateSettings();
        const int Most = 1_000_000;
        return new RateSettings
        {
            CallerPerSecond = (int)reader.Number("Rate:CallerPerSecond", unless.CallerPerSecond, 1, Most),
            CallerBurst = (int)reader.Number("Rate:CallerBurst", unless.CallerBurst, 1, Most),
            AddressPerSecond = (int)reader.Number("Rate:AddressPerSecond", unless.AddressPerSecond, 1, Most),
            AddressBurst = (int)reader.Number("Rate:AddressBurst", unless.AddressBurst, 1, Most),
        };
    }
}
