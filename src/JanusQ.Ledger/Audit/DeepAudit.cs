using System.Collections.Immutable;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Audit;

/// <summary>That research itself is done again, not only the verdicts (audit.md section 4, <c>--deep</c>).</summary>
/// <param name="CodeVersions">
/// The <c>code_version</c>s whose evaluations this build reproduces: its own, and those that whoever asks says it has to reproduce.
/// </param>
public sealed record DeepAudit(ImmutableArray<string> CodeVersions);

/// <summary>An evaluation that was not run again.</summary>
/// <param name="EvaluationId">The evaluation.</param>
/// <param name="At">Where its start stands.</param>
/// <param name="Reason">Why not.</param>
public sealed record EvaluationNotRun(string EvaluationId, EventPlace At, Refusal Reason)
{
    /// <summary>Members <c>evaluation_id</c>, <c>stream</c>, <c>sequence</c>, <c>reason</c>, <c>explanation</c>.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("evaluation_id", EvaluationId),
        ("stream", At.Stream),
        ("sequence", At.Sequence),
        ("reason", Reason.Code),
        ("explanation", Reason.Explanation));

    /// <inheritdoc />
    public override string ToString() => $"evaluation {EvaluationId} in {At.Stream} was not run again, {Reason.Code}: {Reason.Explanation}";
}

/// <summary>What came of running lanes again.</summary>
/// <param name="Reproduced">Evaluations that gave the same files, byte for byte.</param>
/// <param name="Different">Evaluations that did not: findings say in what.</param>
/// <param name="NotRunCounts">Evaluations that were not run again, by reason.</param>
/// <param name="NotRun">Those, of one reason not more than were asked for.</param>
public sealed record DeepReport(
    long Reproduced, long Different, ImmutableSortedDictionary<string, long> NotRunCounts, ImmutableArray<EvaluationNotRun> NotRun)
{
    /// <summary>The report as an object.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("evaluations_reproduced", Reproduced),
        ("evaluations_different", Different),
        ("evaluations_not_run", NotRunCounts.Values.Sum()),
        ("not_run_counts", new JsonObject(NotRunCounts.Select(count => new KeyValuePair<string, JsonValue>(count.Key, count.Value)))),
        ("not_run", new JsonArray(NotRun.Select(evaluation => (JsonValue)evaluation.ToJson()))));
}
