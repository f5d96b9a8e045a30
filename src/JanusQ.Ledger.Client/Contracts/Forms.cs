namespace JanusQ.Ledger.Client.Contracts;

/// <summary>The forms of texts in the API, as regular expressions.</summary>
public static class Forms
{
    /// <summary>An id of the ledger.</summary>
    public const string Id = "^[0-9a-f]{24}$";

    /// <summary>A SHA-256.</summary>
    public const string Sha256 = "^[0-9a-f]{64}$";

    /// <summary>A candidate's id.</summary>
    public const string CandidateId = "^[a-z0-9][a-z0-9._-]{0,99}$";

    /// <summary>An instant (RFC 3339, and what else means one): without an offset one of UTC, a day alone its beginning.</summary>
    public const string Instant =
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt_ ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?$";
}
