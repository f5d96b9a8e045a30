using System.ComponentModel;
using System.Text.Json;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>What became of a command about the policies of a name.</summary>
public sealed record PolicyResponse
{
    /// <summary>An example.</summary>
    public static PolicyResponse Example { get; } = new()
    {
        Outcome = RecordingResponse.Recorded,
        Name = "default",
        BookVersion = 2,
        Policy = JsonElement.Parse(
            """
            {
              "version": 1, "policy_sha256": "f9cae061fbbecda5f33c3f95a23f85d9f990be40a3642aca0ce6d523ddaa82ea",
              "policy_version": "v3-gates-1", "enables_live": false, "active": true, "published_by": "olga",
              "published_at": "2026-02-25T13:00:00+00:00", "note": "shipped", "activation_approved_by": null
            }
            """),
        Appended = 1,
        LastSequence = 4712,
    };

    /// <summary><c>recorded</c>, or <c>unchanged</c> where it was so already.</summary>
    [Description("recorded, or unchanged where it was so already.")]
    public required string Outcome { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of events of the name: its version for If-Match, not that of a document.</summary>
    [Description("Number of events of the name: its version for If-Match, not that of a document.")]
    public required long BookVersion { get; init; }

    /// <summary>The version of the document that the command was about.</summary>
    [Description("The version of the policy that the command was about, as GET /v1/policies/{name} lists it.")]
    public required JsonElement Policy { get; init; }

    /// <summary>Number of events that were appended now.</summary>
    public required int Appended { get; init; }

    /// <summary>Sequence of the event that was appended now.</summary>
    public long? LastSequence { get; init; }
}
