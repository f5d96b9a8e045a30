using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace JanusQ.Ledger.Server.Access;

/// <summary>
/// Whether the keys of the issuer are known, without which no token can be judged. Whoever comes first asks for them, everybody else waits
/// for that one answer; where none comes nobody asks again for a while. Once they are known they are, whether the issuer answers or not.
/// </summary>
internal sealed partial class IssuerKeys(TimeProvider clock, ILogger<IssuerKeys> logger)
{
    /// <summary>For how long it is remembered that the issuer did not answer.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();

    // Ends with the time stamp of the failure, or none.
    private Task<long?>? _asking;

    /// <summary>After what time to ask again where the keys are not to be had; none where they are known.</summary>
    /// <param name="issuer">What asks the issuer, and keeps what it said.</param>
    /// <param name="cancellation">Ends the wait, and not the asking: others wait for it too.</param>
    public async Task<TimeSpan?> UnavailableForAsync(
        IConfigurationManager<OpenIdConnectConfiguration> issuer, CancellationToken cancellation)
    {
        if (await Asking(issuer).WaitAsync(cancellation).ConfigureAwait(false) is not { } failure) return null;
        var left = Memory - clock.GetElapsedTime(failure);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private Task<long?> Asking(IConfigurationManager<OpenIdConnectConfiguration> issuer)
    {
        lock (_gate)
        {
            var isForgotten = _asking is { IsCompletedSuccessfully: true, Result: { } failure } && clock.GetElapsedTime(failure) >= Memory;
            if (_asking is null || isForgotten) _asking = Task.Run(() => AskAsync(issuer));
            return _asking;
        }
    }

    private async Task<long?> AskAsync(IConfigurationManager<OpenIdConnectConfiguration> issuer)
    {
        try
        {
            await issuer.GetConfigurationAsync(CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (Exception failure)
        {
            // Whatever it is, there are no keys, and the next who comes later asks again.
            LogUnavailable(failure);
            return clock.GetTimestamp();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The issuer of tokens does not say its keys: no token can be judged until it does")]
    private partial void LogUnavailable(Exception failure);
}
