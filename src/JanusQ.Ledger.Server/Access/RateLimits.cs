using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.RateLimiting;

namespace JanusQ.Ledger.Server.Access;

/// <summary>
/// A bucket of tokens for every caller, and one for everybody at an address who is not authenticated. Endpoints that must always answer
/// carry <see cref="DisableRateLimitingAttribute"/>.
/// </summary>
internal static class RateLimits
{
    /// <summary>Sets the limits.</summary>
    public static void Configure(RateLimiterOptions options, RateSettings rates)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            context.User.Identity is { IsAuthenticated: true, Name: { } name }
                ? RateLimitPartition.GetTokenBucketLimiter($"caller {name}", _ => Bucket(rates.CallerPerSecond, rates.CallerBurst))
                : RateLimitPartition.GetTokenBucketLimiter(
                    $"address {PlaceOf(context.Connection.RemoteIpAddress)}", _ => Bucket(rates.AddressPerSecond, rates.AddressBurst)));
        options.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var said) ? said : TimeSpan.FromSeconds(1);
            var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await new Problem(new Refusal("rate_limited", "Too many requests; send it again after the time that Retry-After says.")
                .With("retry_after_seconds", seconds)).ExecuteAsync(rejected.HttpContext).ConfigureAwait(false);
        };
    }

    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int atOnce) => new()
    {
        TokenLimit = atOnce,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
        AutoReplenishment = true,
    };

    // Whoever has one address of version 6 has all of its network.
    private static string PlaceOf(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
