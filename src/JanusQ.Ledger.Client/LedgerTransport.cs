using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Client;

/// <summary>Sends requests, again where that helps, and makes exceptions of problems.</summary>
internal sealed class LedgerTransport(HttpClient http, string key, LedgerRetries retries, TimeProvider clock)
{
    private const string ProblemType = "application/problem+json";

    /// <summary>Sends a request until it is answered, and reads the whole answer.</summary>
    /// <param name="method">The method.</param>
    /// <param name="address">The address below the client's base address.</param>
    /// <param name="content">Makes the content of every attempt, or none.</param>
    /// <param name="version">The value of <c>If-Match</c>, or none.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="accept">The media type that is asked for.</param>
    /// <param name="cancellation">Ends all attempts.</param>
    /// <param name="alsoAnswers">A status that is an answer as well, where it is not what a problem has.</param>
    /// <exception cref="LedgerProblemException">The server refused it.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    public async Task<T> SendAsync<T>(
        HttpMethod method,
        string address,
        Func<HttpContent>? content,
        VersionMatch? version,
        Func<byte[], T> read,
        string accept,
        CancellationToken cancellation,
        HttpStatusCode alsoAnswers = HttpStatusCode.OK)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? pause;
            try
            {
                using var request = RequestOf(method, address, content, version, accept);
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
                    .ConfigureAwait(false);
                var bytes = await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode || answer.StatusCode == alsoAnswers && !IsProblem(answer)) return read(bytes);
                pause = IsBusy(answer.StatusCode) ? PauseAfter(attempt, RetryAfterOf(answer)) : null;
                if (pause is null) throw ProblemOf(answer, bytes);
            }
            catch (Exception failure) when (IsOfTheConnection(failure, cancellation))
            {
                pause = IsForGood(failure) ? null : PauseAfter(attempt, null);
                if (pause is null && failure is HttpRequestException or TaskCanceledException) throw Unreachable(failure);
                if (pause is null) throw;
            }

            await Task.Delay(pause.Value, clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Asks once and gives the answer as soon as its headers are there.</summary>
    /// <exception cref="LedgerProblemException">The server refused it.</exception>
    public Task<HttpResponseMessage> OpenAsync(
        string address, string accept, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellation) =>
        OpenAsync(HttpMethod.Get, address, null, accept, headers, cancellation);

    /// <summary>Sends a request once and gives the answer as soon as its headers are there.</summary>
    /// <exception cref="LedgerProblemException">The server refused it.</exception>
    public async Task<HttpResponseMessage> OpenAsync(
        HttpMethod method,
        string address,
        Func<HttpContent>? content,
        string accept,
        IEnumerable<KeyValuePair<string, string>> headers,
        CancellationToken cancellation)
    {
        using var request = RequestOf(method, address, content, null, accept);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        HttpResponseMessage answer;
        try
        {
            answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure)
            when (IsOfTheConnection(failure, cancellation) && failure is HttpRequestException or TaskCanceledException)
        {
            throw Unreachable(failure);
        }

        if (answer.IsSuccessStatusCode) return answer;
        using (answer) throw ProblemOf(answer, await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
    }

    /// <summary>The pause after an attempt that failed; none where there is no further one.</summary>
    public TimeSpan? PauseAfter(int attempt, TimeSpan? askedFor) => retries.PauseAfter(attempt, askedFor, Random.Shared.NextDouble());

    /// <summary>Whether it was not the server that refused, and the same may be sent again.</summary>
    public static bool IsOfTheConnection(Exception failure, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested && failure is (HttpRequestException or IOException or TaskCanceledException);

    /// <summary>Whether the next attempt would fail as this one did: where there is no TLS now, there is none in a second.</summary>
    public static bool IsForGood(Exception failure) =>
        failure is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };

    // The outermost message often says no more than that a connection failed.
    private HttpRequestException Unreachable(Exception failure)
    {
        var error = (failure as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown;
        return new HttpRequestException(error, $"{http.BaseAddress}: {failure.GetBaseException().Message}", failure);
    }

    private HttpRequestMessage RequestOf(
        HttpMethod method, string address, Func<HttpContent>? content, VersionMatch? version, string accept)
    {
        var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = content?.Invoke() };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (version is { } expected) request.Headers.TryAddWithoutValidation("If-Match", expected.ToString());

        // A refusal of something large should not wait until all of it was sent for nothing.
        if (request.Content?.Headers.ContentLength > 1 << 20) request.Headers.ExpectContinue = true;
        return request;
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };

    private static bool IsBusy(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    private static bool IsProblem(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType == ProblemType;

    private static LedgerProblemException ProblemOf(HttpResponseMessage answer, byte[] bytes)
    {
        var address = answer.RequestMessage?.RequestUri;
        if (!IsProblem(answer)) return new LedgerProblemException(answer.StatusCode, default, address);
        try
        {
            return new LedgerProblemException(answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(bytes, ApiJson.Options), address);
        }
        catch (JsonException)
        {
            return new LedgerProblemException(answer.StatusCode, default, address);
        }
    }
}
