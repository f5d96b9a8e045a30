using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace JanusQ.Ledger.Server.Reading;

/// <summary>Tells a caller whether what it has is still what there is.</summary>
internal static class EntityTag
{
    /// <summary>The tag of a version: the number, in quotes.</summary>
    public static EntityTagHeaderValue OfVersion(long version) => new($"\"{version.ToString(CultureInfo.InvariantCulture)}\"");

    /// <summary>The tag of a text without quotes.</summary>
    public static EntityTagHeaderValue Of(string text) => new($"\"{text}\"");

    /// <summary>Puts the tag into the answer; true where the caller has exactly that already, which is then the whole answer.</summary>
    public static bool IsKnown(HttpContext context, EntityTagHeaderValue tag)
    {
        context.Response.Headers.ETag = tag.ToString();
        var known = context.Request.GetTypedHeaders().IfNoneMatch;
        if (!known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false))) return false;
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }
}
