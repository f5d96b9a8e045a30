using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>What a bundle is to hold: a candidate, a decision, or with neither the whole ledger.</summary>
public sealed record ExportBundleRequest
{
    /// <summary>An example.</summary>
    public static ExportBundleRequest Example { get; } = new()
    {
        CandidateId = "cand-4be1a7f0c2d9",
        Statements = true,
        PatienceSeconds = 30,
    };

    /// <summary>Everything about a candidate, and what its decisions rest on.</summary>
    [Description("Everything about a candidate, and what its decisions rest on. Without it and decision_id the whole ledger.")]
    [RegularExpression(Forms.CandidateId)]
    public string? CandidateId { get; init; }

    /// <summary>One decision, with its candidate's events up to it.</summary>
    [Description("One decision, with its candidate's events up to it; not together with candidate_id.")]
    [RegularExpression(Forms.Id)]
    public string? DecisionId { get; init; }

    /// <summary>As the ledger was signed at that instant.</summary>
    [Description("As the ledger was signed at that instant; null for what is recorded now.")]
    [RegularExpression(Forms.Instant)]
    public string? Until { get; init; }

    /// <summary>Whether signed statements are in it: then the server must hold the log's key.</summary>
    [Description("Whether signed in-toto statements are in it: then the server must hold the log's key.")]
    public bool Statements { get; init; } = true;

    /// <summary>A C2SP tlog-policy to put into the bundle, which the checkpoint has to satisfy.</summary>
    [Description("A C2SP tlog-policy to put into the bundle, which the checkpoint has to satisfy; null for one that asks for no witness.")]
    public string? Policy { get; init; }

    /// <summary>How long transactions that are still open are waited for.</summary>
    [Description("How many seconds transactions that are still open are waited for; 30 if not said.")]
    [Range(1, LongestPatience)]
    public long? PatienceSeconds { get; init; }

    /// <summary>Seconds at most: a day.</summary>
    public const long LongestPatience = 24 * 3600;
}
