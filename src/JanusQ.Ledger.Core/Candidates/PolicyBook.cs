using System.Buffers;
using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>Something that happened to the policies of one name: the stream <c>policy-{name}</c> (ledger.md section 3).</summary>
public abstract record PolicyEvent : LedgerEvent
{
    /// <summary>The version that it is about, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>Hash of the policy's canonical JSON, which resolves in the content store.</summary>
    public required Sha256Hash PolicySha256 { get; init; }
}

/// <summary>A valid policy document got a version.</summary>
public sealed record PolicyPublished : PolicyEvent
{
    /// <summary>The document's own label <c>policy_version</c>.</summary>
    public required string PolicyVersion { get; init; }

    /// <summary>Whether it enables live: then its activation needs another actor's approval.</summary>
    public required bool EnablesLive { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Note { get; init; }
}

/// <summary>A version became the one that decisions may rest on. The one before is active no longer.</summary>
public sealed record PolicyActivated : PolicyEvent
{
    /// <summary>Who approved the activation, where one was needed.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Note { get; init; }
}

/// <summary>An approver, the actor, agreed to the activation of a version that enables live.</summary>
public sealed record PolicyActivationApproved : PolicyEvent
{
    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>A published version.</summary>
/// <param name="Version">Its number, from 1.</param>
/// <param name="PolicySha256">Hash of its canonical JSON.</param>
/// <param name="PolicyVersion">Its own label.</param>
/// <param name="EnablesLive">Whether it enables live.</param>
/// <param name="PublishedBy">Who published it.</param>
/// <param name="PublishedAt">When.</param>
/// <param name="Note">A sentence for people.</param>
/// <param name="ActivationApprovedBy">Who approved an activation of it that has not happened yet, or none.</param>
public sealed record PublishedPolicy(
    int Version,
    Sha256Hash PolicySha256,
    string PolicyVersion,
    bool EnablesLive,
    string PublishedBy,
    Instant PublishedAt,
    string Note,
    string? ActivationApprovedBy = null);

/// <summary>The policies of one name: what their stream adds up to. Immutable.</summary>
public sealed record PolicyBook
{
    /// <summary>What the key of every policy stream begins with.</summary>
    public const string StreamPrefix = "policy-";

    private const int LongestName = 60;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>The key of its stream, under which it is stored.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of events in this state.</summary>
    public long StreamVersion { get; init; }

    /// <summary>All versions, oldest first.</summary>
    public ImmutableArray<PublishedPolicy> Versions { get; init; } = [];

    /// <summary>The number of the active version, or none.</summary>
    public int? ActiveVersion { get; init; }

    /// <summary>Since when it is active.</summary>
    public Instant? ActiveSince { get; init; }

    /// <summary>The active version, or none.</summary>
    public PublishedPolicy? Active => ActiveVersion is { } version ? Find(version) : null;

    /// <summary>The key of the stream of a name.</summary>
    public static string StreamOf(string name) => StreamPrefix + name;

    /// <summary>Whether a text can name policies: 1 to 60 of <c>a-z 0-9 -</c>, the first a letter or digit.</summary>
    public static bool IsName(string? text) =>
        text is { Length: >= 1 and <= LongestName } && text[0] != '-' && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>The name whose stream has that key.</summary>
    /// <exception cref="ArgumentException">It is no stream of policies.</exception>
    public static string NameOfStream(string streamKey)
    {
        ArgumentNullException.ThrowIfNull(streamKey);
        return streamKey.StartsWith(StreamPrefix, StringComparison.Ordinal) && streamKey.Length > StreamPrefix.Length
            ? streamKey[StreamPrefix.Length..]
            : throw new ArgumentException($"'{streamKey}' is not the key of a stream of policies.", nameof(streamKey));
    }

    /// <summary>The policies of a name of which nothing is recorded.</summary>
    public static PolicyBook Empty(string name) => new() { Id = StreamOf(name), Name = name };

    /// <summary>A version by its number, or none.</summary>
    public PublishedPolicy? Find(int version) => version >= 1 && version <= Versions.Length ? Versions[version - 1] : null;

    /// <summary>The latest version of a document, or none.</summary>
    public PublishedPolicy? Find(Sha256Hash policySha256)
    {
        for (var i = Versions.Length - 1; i >= 0; i--)
            if (Versions[i].PolicySha256 == policySha256) return Versions[i];
        return null;
    }

    /// <summary>The state after one event more.</summary>
    /// <exception cref="UnknownCandidateEventException">The event is of a kind, or about a version, that this state does not
    /// know.</exception>
    public PolicyBook After(PolicyEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var next = happened switch
        {
            PolicyPublished published when published.Version == Versions.Length + 1 => this with
            {
                Versions = Versions.Add(new PublishedPolicy(
                    published.Version, published.PolicySha256, published.PolicyVersion, published.EnablesLive, published.Actor,
                    published.At,
                    published.Note)),
            },
            PolicyActivationApproved approved when Find(approved.Version) is { } version => this with
            {
                Versions = Versions.SetItem(version.Version - 1, version with { ActivationApprovedBy = approved.Actor }),
            },
            PolicyActivated activated when Find(activated.Version) is { } version => this with
            {
                Versions = Versions.SetItem(version.Version - 1, version with { ActivationApprovedBy = null }),
                ActiveVersion = activated.Version,
                ActiveSince = activated.At,
            },
            _ => throw new UnknownCandidateEventException(
                $"The policies of {Name} do not know {happened.GetType().Name} of version {happened.Version}."),
        };
        return next with { StreamVersion = StreamVersion + 1 };
    }
}
