using System.Globalization;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Server.Errors;
using Microsoft.Net.Http.Headers;

namespace JanusQ.Ledger.Server.Versions;

/// <summary>
/// The version for which a caller asks for a change: <c>If-Match: "7"</c>, or <c>*</c> for any. Whoever changes what others may change too
/// says what it saw, so that nothing is decided on a state that is gone. The command compares it where it decides.
/// </summary>
internal static class IfMatch
{
    /// <summary>The version, or none for any.</summary>
    /// <exception cref="RefusedException"><c>version_required</c>, <c>request_invalid</c>.</exception>
    public static long? Version(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0)
        {
            throw new RefusedException(
                new Refusal(
                    "version_required", "Say which version this is asked for: If-Match with the ETag of what is to change, or * for any.")
                    .With("field", "If-Match"));
        }

        var text = header.ToString().Trim();
        if (text == "*") return null;
        if (!EntityTagHeaderValue.TryParseStrictList([text], out var tags) || tags.Count == 0
            || tags.Contains(EntityTagHeaderValue.Any)) throw Malformed();
        var versions = tags.Select(VersionOf).OfType<long>().Distinct().ToArray();
        return versions switch
        {
            [] => throw new RefusedException(
                new Refusal("version_changed", "No ETag in If-Match is one that this API gives: none can be the current version's.")
                    .With("field", "If-Match")),
            [var version] => version,
            _ => throw Malformed(),
        };
    }

    // Weak tags, and such as others give, are well formed and match nothing (RFC 9110, 8.8.3.2 and 13.1.1).
    private static long? VersionOf(EntityTagHeaderValue tag) =>
        !tag.IsWeak && long.TryParse(tag.Tag.AsSpan()[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;

    private static RefusedException Malformed() =>
        RequestBody.Invalid("If-Match", "ETags, one of them as this API gives it, for instance \"7\", or *");

    /// <summary>Says in the answer's ETag which version there is now.</summary>
    public static void Answer(HttpContext context, long version) =>
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
