using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Policies;

/// <summary>How published policies are written as documents: the same for the command line and the server, and stable.</summary>
public static class PolicyBookDocument
{
    /// <summary>The policies of several names.</summary>
    public static JsonObject Of(IEnumerable<PolicyBook> books)
    {
        ArgumentNullException.ThrowIfNull(books);
        return JsonObject.Of(("policies", new JsonArray(books.Select(book => (JsonValue)Of(book)))));
    }

    /// <summary>The policies of one name.</summary>
    public static JsonObject Of(PolicyBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        return JsonObject.Of(
            ("name", book.Name),
            ("active_version", book.ActiveVersion is { } active ? active : JsonValue.Null),
            ("active_since", book.ActiveSince?.ToString()),
            ("versions", new JsonArray(book.Versions.Select(policy => Of(policy, book.ActiveVersion == policy.Version)))));
    }

    /// <summary>One version.</summary>
    /// <param name="policy">The version.</param>
    /// <param name="isActive">Whether decisions may rest on it.</param>
    public static JsonObject Of(PublishedPolicy policy, bool isActive)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return JsonObject.Of(
            ("version", policy.Version),
            ("policy_sha256", policy.PolicySha256),
            ("policy_version", policy.PolicyVersion),
            ("enables_live", policy.EnablesLive),
            ("active", isActive),
            ("published_by", policy.PublishedBy),
            ("published_at", policy.PublishedAt.ToString()),
            ("note", policy.Note),
            ("activation_approved_by", policy.ActivationApprovedBy));
    }
}
