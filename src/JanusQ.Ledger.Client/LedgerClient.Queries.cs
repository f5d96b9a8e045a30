using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Client;

/// <summary>A decision of the live stream.</summary>
/// <param name="Id">What the stream goes on after.</param>
/// <param name="Decision">The decision.</param>
public sealed record StreamedDecision(string Id, JsonElement Decision);

/// <content>Questions. Documents are given as the server gives them; the API's description says what stands in each.</content>
public sealed partial class LedgerClient
{
    private const string EventStream = "text/event-stream";

    /// <summary>A page of candidates.</summary>
    /// <param name="filter">Filters, limit and cursor as the API names them.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<JsonElement> ListCandidatesAsync(
        IEnumerable<KeyValuePair<string, string>>? filter = null, CancellationToken cancellation = default) =>
        GetAsync(WithFilter("v1/candidates", filter), cancellation);

    /// <summary>One candidate, now, or with <c>version</c> or <c>at</c> as it was then.</summary>
    public Task<JsonElement> ShowCandidateAsync(
        string candidateId, IEnumerable<KeyValuePair<string, string>>? filter = null, CancellationToken cancellation = default) =>
        GetAsync(WithFilter(Candidate(candidateId), filter), cancellation);

    /// <summary>Everything that happened to a candidate.</summary>
    public Task<JsonElement> ShowHistoryAsync(
        string candidateId, IEnumerable<KeyValuePair<string, string>>? filter = null, CancellationToken cancellation = default) =>
        GetAsync(WithFilter($"{Candidate(candidateId)}/history", filter), cancellation);

    /// <summary>All approvals of a candidate.</summary>
    public Task<JsonElement> ListApprovalsAsync(string candidateId, CancellationToken cancellation = default) =>
        GetAsync($"{Candidate(candidateId)}/approvals", cancellation);

    /// <summary>The evaluations of a run.</summary>
    public Task<JsonElement> ShowRunAsync(string runId, CancellationToken cancellation = default) =>
        GetAsync($"v1/runs/{Escaped(runId)}", cancellation);

    /// <summary>A page of decisions.</summary>
    public Task<JsonElement> ListDecisionsAsync(
        IEnumerable<KeyValuePair<string, string>>? filter = null, CancellationToken cancellation = default) =>
        GetAsync(WithFilter("v1/decisions", filter), cancellation);

    /// <summary>One decision with all reasons and hashes.</summary>
    public Task<JsonElement> ShowDecisionAsync(string decisionId, CancellationToken cancellation = default) =>
        GetAsync($"v1/decisions/{Escaped(decisionId)}", cancellation);

    /// <summary>Derives a decision again and compares.</summary>
    public Task<JsonElement> ReplayDecisionAsync(string decisionId, CancellationToken cancellation = default) =>
        GetAsync($"v1/decisions/{Escaped(decisionId)}/replay", cancellation);

    /// <summary>Who is champion of every target.</summary>
    public Task<JsonElement> ListChampionsAsync(CancellationToken cancellation = default) => GetAsync("v1/champions", cancellation);

    /// <summary>Who is champion of a target.</summary>
    public Task<JsonElement> ShowChampionAsync(
        string target, IEnumerable<KeyValuePair<string, string>>? filter = null, CancellationToken cancellation = default) =>
        GetAsync(WithFilter($"v1/champions/{Escaped(target)}", filter), cancellation);

    /// <summary>How often gates failed for which reason.</summary>
    public Task<JsonElement> ShowGateFailuresAsync(
        IEnumerable<KeyValuePair<string, string>>? filter = null, CancellationToken cancellation = default) =>
        GetAsync(WithFilter("v1/statistics/gate-failures", filter), cancellation);

    /// <summary>All policies.</summary>
    public Task<JsonElement> ListPoliciesAsync(CancellationToken cancellation = default) => GetAsync("v1/policies", cancellation);

    /// <summary>The policies of a name.</summary>
    public Task<JsonElement> ShowPolicyAsync(string name, CancellationToken cancellation = default) => GetAsync(Policy(name), cancellation);

    /// <summary>The safety controls.</summary>
    public Task<JsonElement> ShowSafetyAsync(CancellationToken cancellation = default) => GetAsync("v1/safety", cancellation);

    /// <summary>A stored document by its hash, and nothing else than what hashes to it.</summary>
    /// <exception cref="InvalidDataException">The bytes that came do not hash to it.</exception>
    public async Task<byte[]> GetContentAsync(string sha256, CancellationToken cancellation = default)
    {
        var bytes = await GetBytesAsync($"v1/contents/{Escaped(sha256)}", cancellation: cancellation).ConfigureAwait(false);
        return string.Equals(Convert.ToHexStringLower(SHA256.HashData(bytes)), sha256, StringComparison.Ordinal)
            ? bytes
            : throw new InvalidDataException($"The server sent other bytes than those that hash to {sha256}.");
    }

    /// <summary>The latest signed checkpoint of the log.</summary>
    public async Task<string> GetCheckpointAsync(CancellationToken cancellation = default) =>
        Encoding.UTF8.GetString(await GetBytesAsync("checkpoint", cancellation: cancellation).ConfigureAwait(false));

    /// <summary>The proof that an event stands in the log, as JSON.</summary>
    public Task<JsonElement> GetProofAsync(long sequence, CancellationToken cancellation = default) =>
        GetAsync(string.Create(CultureInfo.InvariantCulture, $"v1/log/proofs/{sequence}"), cancellation);

    /// <summary>The proof that an event stands in the log, as JSON.</summary>
    public Task<JsonElement> GetProofAsync(Guid eventId, CancellationToken cancellation = default) =>
        GetAsync($"v1/log/events/{eventId:D}/proof", cancellation);

    /// <summary>Whether the server is ready, and what lags; it answers that also where it is not.</summary>
    public Task<HealthResponse> ShowReadinessAsync(CancellationToken cancellation = default) =>
        _transport.SendAsync(
            HttpMethod.Get, "health/ready", null, null, Read<HealthResponse>, Json, cancellation, HttpStatusCode.ServiceUnavailable);

    /// <summary>Decisions as they are recorded, without end; where the connection breaks the stream goes on where it was.</summary>
    /// <param name="after">The id of the last decision that is known; none for those from now on.</param>
    /// <param name="cancellation">Ends the stream.</param>
    /// <exception cref="LedgerProblemException">The server refused it.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached any more.</exception>
    public async IAsyncEnumerable<StreamedDecision> WatchDecisionsAsync(
        string? after = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var failed = 0;
        while (true)
        {
            var decisions = OpenDecisionsAsync(after, cancellation).GetAsyncEnumerator(cancellation);
            await using (decisions.ConfigureAwait(false))
            {
                while (await MoveAsync().ConfigureAwait(false))
                {
                    failed = 0;
                    after = decisions.Current.Id;
                    yield return decisions.Current;
                }
            }

            async Task<bool> MoveAsync()
            {
                try
                {
                    if (await decisions.MoveNextAsync().ConfigureAwait(false)) return true;
                }
                catch (Exception broken) when (
                    LedgerTransport.IsOfTheConnection(broken, cancellation) && !LedgerTransport.IsForGood(broken)
                    && _transport.PauseAfter(failed + 1, null) is not null)
                {
                    // It is opened again below, after a pause.
                }

                if (_transport.PauseAfter(++failed, null) is { } pause) await Task.Delay(pause, cancellation).ConfigureAwait(false);
                return false;
            }
        }
    }

    private async IAsyncEnumerable<StreamedDecision> OpenDecisionsAsync(
        string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        KeyValuePair<string, string>[] headers = after is null ? [] : [new("Last-Event-ID", after)];
        using var answer = await _transport.OpenAsync("v1/decisions/stream", EventStream, headers, cancellation).ConfigureAwait(false);
        var body = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var reading = body.ConfigureAwait(false);
        var parser = SseParser.Create(
            body, static (_, data) => data.IsEmpty ? null : JsonSerializer.Deserialize<JsonElement?>(data, Reading));
        await foreach (var item in parser.EnumerateAsync(cancellation).ConfigureAwait(false))
            if (item.Data is { } decision) yield return new StreamedDecision(parser.LastEventId, decision);
    }
}
