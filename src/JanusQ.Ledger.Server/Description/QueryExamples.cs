using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Server.Reading;

namespace JanusQ.Ledger.Server.Description;

/// <summary>Examples of query parameters: by their form, else by their name, which means the same in every route.</summary>
internal static class QueryExamples
{
    private static readonly Dictionary<string, string> ByForm = new(StringComparer.Ordinal)
    {
        [QueryForms.Action] = "deny",
        [QueryForms.Count] = "3",
        [QueryForms.Day] = "2026-02-25",
        [QueryForms.Entries] = "50",
        [QueryForms.Limit] = "100",
        [QueryForms.Sequence] = "4711",
        [QueryForms.Target] = "paper",
        [Forms.CandidateId] = "cand-4be1a7f0c2d9",
        [Forms.Instant] = "2026-02-25T06:00:00Z",
        [Forms.Sha256] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    };

    private static readonly Dictionary<string, string> ByName = new(StringComparer.Ordinal)
    {
        ["reason"] = "kill_switch_engaged",
        ["stage"] = "paper",
    };

    /// <summary>One that is well formed; none if nobody gave one.</summary>
    public static string? Of(TakesQueryAttribute parameter) =>
        parameter.Form is { } form && ByForm.TryGetValue(form, out var example) ? example : ByName.GetValueOrDefault(parameter.Name);
}
