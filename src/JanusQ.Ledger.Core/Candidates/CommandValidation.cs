using System.Buffers;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>
/// The form of commands. The first member that is not as expected is the answer: <c>command_invalid</c> with field and expectation.
/// </summary>
public static class CommandValidation
{
    /// <summary>Artifacts of one evaluation at most.</summary>
    public const int MostArtifacts = 4096;

    private const int LongestPath = 512;
    internal const int LongestText = 4000;
    internal const int LongestName = 200;

    private static readonly SearchValues<char> CodeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Why a command is refused; none if it is well formed.</summary>
    public static Refusal? Check(CandidateCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Check(command.By)
            ?? Expect(CandidateIdentity.IsCandidateId(command.CandidateId), "candidate_id",
                "1 to 100 of a-z 0-9 - . _ beginning with a letter or digit")
            ?? command switch
            {
                StartLaneRun start => Check(start),
                EmitArtifact emit => Id("evaluation_id", emit.EvaluationId) ?? Check(emit.Artifact),
                EmitArtifacts emit => Id("evaluation_id", emit.EvaluationId) ?? Check(emit.Artifacts),
                CompleteLaneRun complete => Id("evaluation_id", complete.EvaluationId)
                    ?? Expect(complete.ArtifactCount is >= 1 and <= MostArtifacts, "artifact_count", $"1 to {MostArtifacts}"),
                FailLaneRun fail => Id("run_id", fail.RunId) ?? (fail.EvaluationId is null ? null : Id("evaluation_id", fail.EvaluationId))
                    ?? Expect(IsCode(fail.ErrorCode), "error_code", "1 to 100 of a-z 0-9 _") ?? Text("message", fail.Message, LongestText),
                SkipLaneRun skip => Id("run_id", skip.RunId) ?? Text("reason", skip.Reason, LongestText)
                    ?? Expect(skip.WindowStart <= skip.WindowEnd, "window_end", "not before window_start"),
                RecordLaneRun record => Check(record),
                GrantApproval grant => Check(grant),
                RevokeApproval revoke => Id("approval_id", revoke.ApprovalId) ?? Text("reason", revoke.Reason, LongestText),
                PauseCandidate pause => Text("reason", pause.Reason, LongestText),
                ResumeCandidate resume => Text("reason", resume.Reason, LongestText),
                ClearRolledBackEvidence clear => Text("reason", clear.Reason, LongestText),
                RequestPromotion request => (request.EvaluationId is null ? null : Id("evaluation_id", request.EvaluationId))
                    ?? (request.Target is { } target ? Check(target) : null),
                DemoteChampion demote => Check(demote.Target) ?? Text("reason", demote.Reason, LongestText),
                RollBackChampion rollBack => Check(rollBack.Target) ?? Text("reason", rollBack.Reason, LongestText),
                _ => throw new ArgumentException($"{command.GetType().Name} has no validation.", nameof(command)),
            };
    }

    /// <summary>
    /// Whether a path is relative, with <c>/</c>, and stays where it is: no empty, <c>.</c> or <c>..</c> part, no drive, no backslash.
    /// </summary>
    public static bool IsArtifactPath(string? path)
    {
        if (path is not { Length: >= 1 and <= LongestPath }) return false;
        foreach (var c in path)
            if (c is '\\' or ':' || char.IsControl(c) || char.IsSurrogate(c)) return false;
        foreach (var part in path.Split('/'))
            if (part.Length == 0 || part is "." or ".." || part[0] == ' ' || part[^1] is ' ' or '.') return false;
        return true;
    }

    /// <summary>The refusal of a member: <c>command_invalid</c> with field and expectation.</summary>
    public static Refusal Invalid(string field, string expectation) =>
        new Refusal("command_invalid", $"{field}: expected {expectation}.").With("field", field).With("expected", expectation);

    internal static Refusal? Check(Submitter by) =>
        Text("actor", by.Actor, LongestName) ?? Text("role", by.Role, 50)
        ?? (by.CorrelationId is null ? null : Text("correlation_id", by.CorrelationId, LongestName))
        ?? (by.CausationId is null ? null : Text("causation_id", by.CausationId, LongestName));

    private static Refusal? Check(StartLaneRun start) =>
        Id("run_id", start.RunId)
        ?? Check(start.Target)
        ?? Text("code_version", start.CodeVersion, LongestName)
        ?? Text("worker", start.Worker, LongestName);

    private static Refusal? Check(GrantApproval grant) =>
        (grant.EvaluationId is null ? null : Id("evaluation_id", grant.EvaluationId))
        ?? Check(grant.Target)
        ?? Expect(
            grant.ExpiresAt is null != grant.ExpiresIn is null, "expires_at",
            "either the instant at which it expires or for how long it counts, and not both")
        ?? Expect(grant.ExpiresIn is null || grant.ExpiresIn > TimeSpan.Zero, "expires_in", "a duration greater than none")
        ?? Text("reason", grant.Reason, LongestText);

    private static Refusal? Check(PromotionTarget target) => Expect(
        target is PromotionTarget.Shadow or PromotionTarget.Paper or PromotionTarget.Live, "target", "one of shadow, paper, live");

    private static Refusal? Check(Artifact artifact)
    {
        const string PathForm = "a relative path of at most 512 characters with / and without empty, . or .. parts, \\ and :";
        return Expect(IsArtifactPath(artifact.Path), "path", PathForm)
            ?? Expect(artifact.Size >= 0, "size", "a number of bytes, 0 or more")
            ?? Expect(IsMediaType(artifact.MediaType), "media_type", "type/subtype in at most 100 characters of visible ASCII")
            ?? (artifact.SchemaVersion is null ? null : Text("schema_version", artifact.SchemaVersion, LongestName));
    }

    private static Refusal? Check(RecordLaneRun record)
    {
        if (Check(record.Start) is { } refusal) return refusal;
        if (!string.Equals(record.Start.CandidateId, record.CandidateId, StringComparison.Ordinal))
            return Invalid("start.candidate_id", "the candidate that the run is recorded for");
        return Check(record.Artifacts);
    }

    private static Refusal? Check(ArtifactSet artifacts)
    {
        if (artifacts.Count is < 1 or > MostArtifacts) return Invalid("artifacts", $"1 to {MostArtifacts} artifacts");
        foreach (var artifact in artifacts)
            if (Check(artifact) is { } wrong) return wrong.With("path", artifact.Path);
        return null;
    }

    internal static Refusal? Id(string field, string? value) => Expect(CandidateIdentity.IsId(value), field, "24 lower-case hex digits");

    internal static Refusal? Text(string field, string? value, int longest) =>
        Expect(IsText(value, longest), field, $"a text of 1 to {longest} characters, not blank, without NUL or unpaired surrogates");

    internal static Refusal? Expect(bool holds, string field, string expectation) => holds ? null : Invalid(field, expectation);

    private static bool IsText(string? value, int longest)
    {
        if (value is null || value.Length > longest || string.IsNullOrWhiteSpace(value)) return false;
        for (var i = 0; i < value.Length; i++)
        {
            // PostgreSQL's jsonb takes neither, and a value that cannot be stored must not be half-way in.
            if (value[i] == '\0') return false;
            if (!char.IsSurrogate(value[i])) continue;
            if (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[i + 1])) return false;
            i++;
        }

        return true;
    }

    private static bool IsCode(string? value) => value is { Length: >= 1 and <= 100 } && !value.AsSpan().ContainsAnyExcept(CodeCharacters);

    private static bool IsMediaType(string? value)
    {
        if (value is not { Length: >= 3 and <= 100 }) return false;
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < value.Length - 1 && value.All(static c => c is >= ' ' and <= '~');
    }
}
