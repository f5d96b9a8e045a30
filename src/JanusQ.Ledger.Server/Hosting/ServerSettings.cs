using System.Net;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Watching;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Server.Hosting;

/// <summary>
/// The settings of the server: each from the environment as <c>JANUSQ_NAME</c>, else from the configuration section <c>Ledger</c>. All are
/// checked before anything is opened, and errors name the setting.
/// </summary>
public sealed record ServerSettings
{
    /// <summary>The database; none leaves it to <c>JANUSQ_CONNECTION</c>. <c>ConnectionString</c> (<c>JANUSQ_CONNECTION</c>)</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Risks of the database that are taken, for instance <c>owner-connection</c>. <c>Accept</c> (<c>JANUSQ_ACCEPT</c>)</summary>
    public AcceptedRisks Accept { get; init; }

    /// <summary>File with the key that signs the transparency log; none leaves the log to another program. <c>LogKeyFile</c></summary>
    public string? LogKeyFile { get; init; }

    /// <summary>File with every verifier key of the log; none is the one beside the key's. <c>LogVerifiers</c></summary>
    public string? LogVerifiers { get; init; }

    /// <summary>File that remembers what was signed last; none is the one beside the key's. <c>LogMemory</c></summary>
    public string? LogMemory { get; init; }

    /// <summary>
    /// Folder in which bundles are made before they are sent; none is the system's for temporary files. <c>ExportFolder</c>
    /// </summary>
    public string? ExportFolder { get; init; }

    /// <summary>Whether everybody may read checkpoints, tiles and proofs of the log. <c>LogIsPublic</c></summary>
    public bool LogIsPublic { get; init; }

    /// <summary>
    /// Whether everybody may read the API's description and browse it; otherwise who may read the ledger. <c>Description:Public</c>
    /// </summary>
    public bool DescriptionIsPublic { get; init; }

    /// <summary>
    /// The proxies whose <c>X-Forwarded-For</c> is believed, as addresses and networks; none believes nobody's. <c>Proxies</c>
    /// </summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Whose tokens are taken; none takes API keys alone. <c>Jwt:...</c></summary>
    public TokenSettings? Tokens { get; init; }

    /// <summary>What a request may be. <c>Limits:...</c></summary>
    public RequestLimits Limits { get; init; } = new();

    /// <summary>How many requests are answered. <c>Rate:...</c></summary>
    public RateSettings Rates { get; init; } = new();

    /// <summary>How the server is watched. <c>Watch:...</c></summary>
    public WatchSettings Watch { get; init; } = new();

    /// <summary>
    /// For how long a key that was found is not looked for again: so long a revoked key still opens the door. <c>KeyCacheSeconds</c>
    /// </summary>
    public TimeSpan KeyCache { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Refused requests of each kind (of callers known, unknown, too many) that wait at most for being written down; more are counted and
    /// dropped. <c>SecurityLog:Queue</c>
    /// </summary>
    public int SecurityLogQueue { get; init; } = 10_000;

    /// <summary>Refused requests that are written down in a second at most, on average. <c>SecurityLog:PerSecond</c></summary>
    public int SecurityLogPerSecond { get; init; } = 200;

    /// <summary>Reads and checks all of them.</summary>
    /// <exception cref="RefusedException"><c>settings_invalid</c>, with every setting that is wrong.</exception>
    public static ServerSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var reader = new SettingsReader(configuration);
        var settings = new ServerSettings
        {
            ConnectionString = reader.Text("ConnectionString", "JANUSQ_CONNECTION"),
            Accept = RisksOf(reader),
            LogKeyFile = reader.Text("LogKeyFile"),
            LogVerifiers = reader.Text("LogVerifiers"),
            LogMemory = reader.Text("LogMemory"),
            ExportFolder = reader.Text("ExportFolder"),
            LogIsPublic = reader.Flag("LogIsPublic"),
            DescriptionIsPublic = reader.Flag("Description:Public"),
            Proxies = TrustedProxies.Read(reader),
            Tokens = TokenSettings.Read(reader),
            Limits = RequestLimits.Read(reader),
            Rates = RateSettings.Read(reader),
            Watch = WatchSettings.Read(reader),
            KeyCache = reader.Seconds("KeyCacheSeconds", TimeSpan.FromSeconds(3), TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            SecurityLogQueue = (int)reader.Number("SecurityLog:Queue", 10_000, 1, 1_000_000),
            SecurityLogPerSecond = (int)reader.Number("SecurityLog:PerSecond", 200, 1, 100_000),
        };
        reader.Demand();
        return settings;
    }

    private static AcceptedRisks RisksOf(SettingsReader reader)
    {
        var accepted = AcceptedRisks.None;
        const StringSplitOptions Names = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        foreach (var name in (reader.Text("Accept") ?? "").Split(',', Names))
        {
            switch (name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant())
            {
                case "OWNERCONNECTION": accepted |= AcceptedRisks.OwnerConnection; break;
                case "VOLATILESERVER": accepted |= AcceptedRisks.VolatileServer; break;
                default: reader.Refuse("Accept", $"'{name}' is no risk; there are owner-connection, volatile-server"); break;
            }
        }

        return accepted;
    }
}
