using System.Globalization;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Server.Errors;

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
        var quoted = text.Length >= 3 && text[0] == '"' && text[^1] == '"';
        return quoted && long.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw RequestBody.Invalid("If-Match", "one ETag as this API gives it, for instance \"7\", or *");
    }

    /// <summary>Says in the answer's ETag which version there is now.</summary>
    public static void Answer(HttpContext context, long version) =>
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
