using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>What a server is to verify of its ledger, and against what.</summary>
public sealed record AuditRequest
{
    /// <summary>An example.</summary>
    public static AuditRequest Example { get; } = new()
    {
        Keys = ["ledger.example/log+2ee1ea7c+AZ+oaH7OtFJFtOB0NZg7fG4Hn6SxW7LfTfVk2tNd7sxK"],
        Kept = [KeptCheckpointDocument.Example],
        Since = KeptCheckpointDocument.Example,
        Deep = false,
    };

    /// <summary>Verifier keys of the log; none leaves it to those that the server's operator names.</summary>
    [Description("Verifier keys of the log (C2SP signed-note). Without any those that the server's operator names, which prove nothing "
        + "against the operator.")]
    [MaxLength(100)]
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>Checkpoints that were kept outside: the log must contain each of them.</summary>
    [Description("Checkpoints that were kept outside: the log must contain each of them.")]
    [MaxLength(1000)]
    public IReadOnlyList<KeptCheckpointDocument>? Kept { get; init; }

    /// <summary>A checkpoint up to which everything was verified before; only what is behind it is looked at.</summary>
    [Description("A checkpoint up to which everything was verified before; only what is behind it is looked at.")]
    public KeptCheckpointDocument? Since { get; init; }

    /// <summary>A C2SP tlog-policy: whose cosignatures the checkpoint that is relied on must have.</summary>
    [Description("A C2SP tlog-policy: whose cosignatures the checkpoint that is relied on must have.")]
    public string? Policy { get; init; }

    /// <summary>Whether lanes are run again for every evaluation that the server's program reproduces.</summary>
    [Description("Whether lanes are run again for every evaluation that the server's program reproduces.")]
    public bool Deep { get; init; }

    /// <summary>With <see cref="Deep"/>: code versions beside the server's own whose evaluations it has to reproduce.</summary>
    [Description("With deep: code versions beside the server's own whose evaluations it has to reproduce.")]
    [MaxLength(100)]
    public IReadOnlyList<string>? Reproduces { get; init; }
}

/// <summary>A checkpoint that somebody outside kept.</summary>
public sealed record KeptCheckpointDocument
{
    /// <summary>An example.</summary>
    public static KeptCheckpointDocument Example { get; } = new()
    {
        Name = "2026-02-25.checkpoint",
        Note = "ledger.example/log\n4711\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— ledger.example/log Az3grl...\n",
    };

    /// <summary>Where it was kept, for findings.</summary>
    [Description("Where it was kept, for findings.")]
    [StringLength(200, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>The signed checkpoint (C2SP tlog-checkpoint).</summary>
    [Description("The signed checkpoint (C2SP tlog-checkpoint).")]
    public required string Note { get; init; }
}
