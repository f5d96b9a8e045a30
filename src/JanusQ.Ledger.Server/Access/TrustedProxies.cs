using System.Net;
using System.Net.Sockets;
using JanusQ.Ledger.Server.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace JanusQ.Ledger.Server.Access;

/// <summary>
/// The proxies whose word is taken for where a request comes from (<c>X-Forwarded-For</c>), so that rates and the security log see the
/// caller's address. Nobody else's is: anybody can write that header. What is no well-formed HTTP is known by the proxy's address.
/// </summary>
internal static class TrustedProxies
{
    private const string Setting = "Proxies";

    /// <summary>The networks that the setting names; a single address is a network of one.</summary>
    public static IReadOnlyList<IPNetwork> Read(SettingsReader reader)
    {
        var proxies = new List<IPNetwork>();
        const StringSplitOptions Names = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        foreach (var text in (reader.Text(Setting) ?? "").Split(',', Names))
        {
            if (NetworkOf(text) is { PrefixLength: > 0 } network) proxies.Add(network);
            else
                reader.Refuse(
                    Setting, $"'{text}' is no address such as 10.1.2.3 and no network such as 10.1.0.0/16 of less than everybody");
        }

        if (proxies.Count == 0) return [];
        return proxies;
    }

    /// <summary>Takes their word. To be the first in the pipeline, so that everything behind it sees the caller.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<ServerSettings>().Proxies;
        if (proxies.Count == 0) return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor,

            // Through as many as are trusted, from the nearest on: what stands before the first that is not, anybody may have written.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies) options.KnownIPNetworks.Add(proxy);
        app.UseForwardedHeaders(options);
    }

    // Numbers alone would be read as addresses too, and an address with a length as a network that begins before it.
    private static IPNetwork? NetworkOf(string text)
    {
        if (text.Split('/') is [var beginning, _])
        {
            return IPNetwork.TryParse(text, out var network)
                && IPAddress.TryParse(beginning, out var first) && first.Equals(network.BaseAddress)
                ? network
                : null;
        }

        if (!IPAddress.TryParse(text, out var address)) return null;
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPNetwork(address, 128)
            : string.Equals(address.ToString(), text, StringComparison.Ordinal) ? new IPNetwork(address, 32)
            : null;
    }
}
