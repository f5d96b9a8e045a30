using System.Buffers;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>The ids of candidates, runs and evaluations, and the key of a candidate's stream.</summary>
public static class CandidateIdentity
{
    /// <summary>What the key of every candidate's stream begins with (ledger.md section 3).</summary>
    public const string StreamPrefix = "candidate-";

    /// <summary>What the id of a candidate begins with (lane.md section 4).</summary>
    public const string CandidatePrefix = "cand-";

    private const int RunDigitsInCandidate = 12;
    private const int LongestCandidateId = 100;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>The candidate of a run: <c>cand-</c> and the first 12 digits of the run's id (lane.md section 4).</summary>
    public static string CandidateOf(string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return string.Concat(CandidatePrefix, runId.AsSpan(0, RunDigitsInCandidate));
    }

    /// <summary>The key of a candidate's stream.</summary>
    public static string StreamOf(string candidateId) => StreamPrefix + candidateId;

    /// <summary>
    /// The key under which a command looks for its candidate. One that cannot name a candidate leads to a stream that never exists, so that
    /// the decider gets to refuse it.
    /// </summary>
    public static string StreamAskedFor(string candidateId) => IsCandidateId(candidateId) ? StreamOf(candidateId) : StreamPrefix;

    /// <summary>The candidate whose stream has that key.</summary>
    /// <exception cref="ArgumentException">It is no candidate's stream.</exception>
    public static string CandidateOfStream(string streamKey)
    {
        ArgumentNullException.ThrowIfNull(streamKey);
        return streamKey.StartsWith(StreamPrefix, StringComparison.Ordinal) && streamKey.Length > StreamPrefix.Length
            ? streamKey[StreamPrefix.Length..]
            : throw new ArgumentException($"'{streamKey}' is not the key of a candidate's stream.", nameof(streamKey));
    }

    /// <summary>The id of an evaluation: the id of {run_id, evaluated_at, code_version, documents} (ledger.md section 1).</summary>
    public static string EvaluationOf(string runId, Instant evaluatedAt, string codeVersion, OptionalDocuments documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return CanonicalJson.Id(JsonObject.Of(
            ("run_id", runId),
            ("evaluated_at", evaluatedAt.ToString()),
            ("code_version", codeVersion),
            ("documents", documents.ToJson())));
    }

    /// <summary>Whether a text has the form of an id: 24 lower-case hex digits.</summary>
    public static bool IsId(string? text) => text is { Length: Sha256Hash.IdLength } && !text.AsSpan().ContainsAnyExcept(LowerHex);

    /// <summary>Whether a text can name a candidate: 1 to 100 of <c>a-z 0-9 - . _</c>, the first a letter or digit.</summary>
    public static bool IsCandidateId(string? text) =>
        text is { Length: >= 1 and <= LongestCandidateId } && char.IsAsciiLetterOrDigit(text[0])
            && !text.AsSpan().ContainsAnyExcept(IdCharacters);
}
