using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace JanusQ.Ledger.Server.Hosting;

/// <summary>
/// The path of a request as it was sent. The server makes another of some before anybody sees them (RFC 3986, 5.2.4 and 6.2.2): it takes
/// out dot segments, and leaves escapes as they are that are no UTF-8.
/// </summary>
internal static class RequestAddress
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The path that was sent, as it was sent; the one that the server made where it does not tell.</summary>
    public static string SentPath(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.Split('?', 2)[0];
        if (path.StartsWith('/')) return path;

        // The absolute form, which proxies are asked in (RFC 9112, 3.2.2).
        var authority = path.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0) return MadePath(context);
        var slash = path.IndexOf('/', authority + "://".Length);
        return slash < 0 ? "/" : path[slash..];
    }

    /// <summary>Whether what was sent and what the server made of it are one path, and no part of it is a dot segment.</summary>
    public static bool IsPlain(HttpContext context)
    {
        var parts = SentPath(context).Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            if (Unescape(parts[i]) is not { } part || part is "." or "..") return false;
            parts[i] = part;
        }

        return string.Equals(string.Join('/', parts), MadePath(context), StringComparison.Ordinal);
    }

    private static string MadePath(HttpContext context) => context.Request.PathBase.Value + context.Request.Path.Value;

    // An escaped slash stays as it is, as the server leaves it: it is no end of a part.
    private static string? Unescape(string part)
    {
        if (!part.Contains('%', StringComparison.Ordinal)) return part;
        var bytes = new List<byte>(part.Length);
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] != '%')
            {
                if (!char.IsAscii(part[i])) return null;
                bytes.Add((byte)part[i]);
                continue;
            }

            if (i + 2 >= part.Length || !char.IsAsciiHexDigit(part[i + 1]) || !char.IsAsciiHexDigit(part[i + 2])) return null;
            var value = Convert.FromHexString(part.AsSpan(i + 1, 2))[0];
            if (value == '/')
            {
                bytes.Add((byte)'%');
                continue;
            }

            bytes.Add(value);
            i += 2;
        }

        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
