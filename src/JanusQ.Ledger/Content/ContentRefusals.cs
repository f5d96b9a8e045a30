using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Content;

/// <summary>Why a document does not get into the store.</summary>
internal static class ContentRefusals
{
    public static RefusedException HashMismatch(Sha256Hash claimed, Sha256Hash actual) => new(
        new Refusal("content_hash_mismatch", $"sha256: the bytes hash to {actual}, not to {claimed} as claimed.")
            .With("claimed", claimed).With("actual", actual));

    public static RefusedException TooLarge(Sha256Hash? sha256, long size, long limit) => new(
        new Refusal("content_too_large", $"size: {Of(sha256)} has at least {size} bytes; at most {limit} are stored.")
            .With("size", size).With("limit", limit));

    public static Refusal NotStored(Sha256Hash sha256) =>
        new Refusal("content_not_stored", $"sha256: no document {sha256} is stored.").With("sha256", sha256);

    private static string Of(Sha256Hash? sha256) => sha256 is { } hash ? $"the document {hash}" : "the document";
}
