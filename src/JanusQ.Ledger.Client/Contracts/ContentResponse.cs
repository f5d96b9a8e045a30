using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>What became of a document that was put under its hash.</summary>
public sealed record ContentResponse
{
    /// <summary>An example for the API's description.</summary>
    public static ContentResponse Example { get; } = new()
    {
        Outcome = RecordingResponse.Recorded,
        Sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    };

    /// <summary><c>recorded</c>, or <c>unchanged</c> where it was stored before.</summary>
    [Description("recorded, or unchanged where it was stored before.")]
    public required string Outcome { get; init; }

    /// <summary>SHA-256 of its bytes.</summary>
    [Description("SHA-256 of its bytes.")]
    [RegularExpression(Forms.Sha256)]
    public required string Sha256 { get; init; }
}
