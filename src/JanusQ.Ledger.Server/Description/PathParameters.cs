using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Server.Description;

/// <summary>A parameter of a path: the same name means the same in every route.</summary>
/// <param name="Pattern">The form of its text.</param>
/// <param name="Example">One that is well formed.</param>
/// <param name="Explanation">What it is.</param>
internal sealed record PathParameter(string Pattern, string Example, string Explanation);

/// <summary>All of them.</summary>
internal static class PathParameters
{
    private static readonly Dictionary<string, PathParameter> ByName = new(StringComparer.Ordinal)
    {
        ["candidateId"] = new(Forms.CandidateId, "cand-4be1a7f0c2d9", "The candidate."),
        ["eventId"] = new(
            "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "0195399c-7a2b-7cc3-98c4-dc0c0c07398f", "The event, by its id."),
        ["evaluationId"] = new(Forms.Id, "5d41402abc4b2a76b9719d91", "The evaluation."),
        ["approvalId"] = new(Forms.Id, "7d793037a0760186574b0282", "The approval."),
        ["decisionId"] = new(Forms.Id, "098f6bcd4621d373cade4e83", "The decision."),
        ["keyId"] = new("^key-[0-9a-f]{12}$", "key-4be1a7f0c2d9", "The key, by what people name it by."),
        ["runId"] = new(Forms.Id, "4be1a7f0c2d94a7e8f013b5d", "The lane run."),
        ["target"] = new("^(shadow|paper|live)$", "paper", "The target."),
        ["sha256"] = new(Forms.Sha256, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "SHA-256 of the bytes."),
        ["name"] = new("^[a-z0-9][a-z0-9._-]{0,99}$", "autonomy-gates-v3", "The policy."),
        ["sequence"] = new(
            @"^[0-9]{1,19}(\.tlog-proof)?$", "4711", "The sequence of an event; with .tlog-proof behind it the answer is a tlog-proof."),
        ["path"] = new("^[^/]+(/[^/]+)*$", "gates/gate-evaluation.json", "The path, with /."),
        ["tile"] = new(
            @"^([0-9]{1,2}|entries)/(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]{1,3})?$", "0/000", "Level and number of the tile (C2SP tlog-tiles)."),
    };

    /// <summary>The parameter of a name; none if nobody described it.</summary>
    public static PathParameter? Find(string name) => ByName.GetValueOrDefault(name);
}
