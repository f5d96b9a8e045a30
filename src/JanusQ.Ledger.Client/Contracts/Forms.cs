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

    /// <summary>An instant with its offset (RFC 3339).</summary>
    public const string Instant = @"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$";
}
