using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Cli.Remote;

/// <summary>Reads the documents of a server. What is not as the server's description says is an error that names the member.</summary>
internal static class RemoteDocuments
{
    /// <summary>The safety controls.</summary>
    public static SafetyControls SafetyOf(JsonObject document) => SafetyControls.Unrehearsed with
    {
        StreamVersion = Integer(document, "version"),
        Drills =
        [
            .. ObjectsOf(document, "drills").Select(drill => new Drill(
                Text(drill, "check"),
                Boolean(drill, "passed"),
                InstantOf(drill, "performed_at"),
                Text(drill, "by"),
                OptionalText(drill, "rollback_target"),
                OptionalText(drill, "evidence_sha256") is { } hash ? Sha256Hash.Parse(hash) : null)),
        ],
        KillSwitch = document["kill_switch"] is JsonObject engaged
            ? new EngagedKillSwitch(Text(engaged, "by"), InstantOf(engaged, "at"), Text(engaged, "reason"))
            : null,
    };

    /// <summary>The policies of a name.</summary>
    public static PolicyBook BookOf(JsonObject document) => PolicyBook.Empty(Text(document, "name")) with
    {
        Versions = [.. ObjectsOf(document, "versions").Select(version => PolicyOf(version).Policy)],
        ActiveVersion = document["active_version"] is JsonInteger ? (int)Integer(document, "active_version") : null,
        ActiveSince = OptionalText(document, "active_since") is { } since ? Instant.Parse(since) : null,
    };

    /// <summary>One version of a policy, and whether it is the active one.</summary>
    public static (PublishedPolicy Policy, bool IsActive) PolicyOf(JsonObject document) => (
        new PublishedPolicy(
            (int)Integer(document, "version"),
            Sha256Hash.Parse(Text(document, "policy_sha256")),
            Text(document, "policy_version"),
            Boolean(document, "enables_live"),
            Text(document, "published_by"),
            InstantOf(document, "published_at"),
            Text(document, "note"),
            OptionalText(document, "activation_approved_by")),
        Boolean(document, "active"));

    /// <summary>The place of a target's champion.</summary>
    public static ChampionSlot PlaceOf(JsonObject document)
    {
        var target = PromotionTargets.TryParse(Text(document, "target"), out var parsed) ? parsed : throw Unexpected("target");
        return ChampionSlot.Empty(target) with
        {
            StreamVersion = Integer(document, "version"),
            ChangedAt = OptionalText(document, "changed_at") is { } changed ? Instant.Parse(changed) : null,
            Champion = document["champion"] is JsonObject champion ? ChampionOf(champion) : null,
            Past = [.. ObjectsOf(document, "past").Select(ChampionOf)],
        };
    }

    /// <summary>What differs between two submissions.</summary>
    public static SubmissionDifference DifferenceOf(JsonObject document) =>
        new(Text(document, "subject"), OptionalText(document, "path"), Text(document, "recorded"), Text(document, "submitted"));

    /// <summary>The objects of an array.</summary>
    public static IEnumerable<JsonObject> ObjectsOf(JsonObject document, string member) =>
        (document[member] as JsonArray ?? throw Unexpected(member)).Elements
            .Select(element => element as JsonObject ?? throw Unexpected(member));

    /// <summary>The texts of an array.</summary>
    public static IEnumerable<string> TextsOf(JsonObject document, string member) =>
        (document[member] as JsonArray ?? throw Unexpected(member)).Elements
            .Select(element => (element as JsonText ?? throw Unexpected(member)).Value);

    /// <summary>An object.</summary>
    public static JsonObject Object(JsonObject document, string member) => document[member] as JsonObject ?? throw Unexpected(member);

    /// <summary>A text.</summary>
    public static string Text(JsonObject document, string member) => (document[member] as JsonText ?? throw Unexpected(member)).Value;

    /// <summary>A text, or none.</summary>
    public static string? OptionalText(JsonObject document, string member) => (document[member] as JsonText)?.Value;

    /// <summary>A number, not below 0.</summary>
    public static long Integer(JsonObject document, string member) =>
        document[member] is JsonInteger { Value: var value } && value >= 0 && value <= long.MaxValue
            ? (long)value
            : throw Unexpected(member);

    /// <summary>Yes or no.</summary>
    public static bool Boolean(JsonObject document, string member) => (document[member] as JsonBoolean ?? throw Unexpected(member)).Value;

    /// <summary>The server answers with something else than its description says.</summary>
    public static CliFailure Unexpected(string member) =>
        new(ExitCode.Failed, "server_answer_unusable", $"The server's answer has no usable member '{member}'.");

    private static Champion ChampionOf(JsonObject document) => new(
        Text(document, "candidate_id"),
        Text(document, "decision_id"),
        Text(document, "evaluation_id"),
        Sha256Hash.Parse(Text(document, "artifact_set_sha256")),
        InstantOf(document, "since"),
        OptionalText(document, "predecessor"));

    private static Instant InstantOf(JsonObject document, string member) =>
        Instant.TryParse(Text(document, member), out var instant) ? instant : throw Unexpected(member);
}
