using System.Net;
using System.Text;
using System.Text.Json;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Cli.Remote;

/// <summary>What a server answers in the words of the ledger.</summary>
internal static class RemoteAnswer
{
    private const string CorrelationId = "correlation_id";

    // What every problem has; the rest are the members of its code.
    private static readonly string[] Common = ["type", "title", "status", "detail", "code", CorrelationId];

    /// <summary>Asks; what the server refuses is refused here in the same way.</summary>
    /// <exception cref="RefusedException">By the code of the server.</exception>
    public static async Task<T> AskAsync<T>(Task<T> asked)
    {
        try
        {
            return await asked.ConfigureAwait(false);
        }
        catch (LedgerProblemException problem)
        {
            throw new RefusedException(RefusalOf(problem));
        }
        catch (JsonException)
        {
            throw RemoteDocuments.Unexpected("$");
        }
    }

    /// <summary>Asks for something that may not be there.</summary>
    /// <param name="asked">The question.</param>
    /// <param name="codes">The codes that say that there is none.</param>
    /// <exception cref="RefusedException">By another code of the server.</exception>
    public static async Task<T?> FindAsync<T>(Task<T> asked, params IEnumerable<string> codes)
        where T : class
    {
        try
        {
            return await AskAsync(asked).ConfigureAwait(false);
        }
        catch (RefusedException refused) when (codes.Contains(refused.Refusal.Code, StringComparer.Ordinal))
        {
            return null;
        }
    }

    /// <summary>A problem as a refusal.</summary>
    public static Refusal RefusalOf(LedgerProblemException problem)
    {
        var refusal = new Refusal(problem.Code, ExplanationOf(problem));
        if (problem.Document.ValueKind != JsonValueKind.Object) return refusal;
        foreach (var (name, value) in ObjectOf(problem.Document).Members)
        {
            var isTold = !Common.Contains(name, StringComparer.Ordinal)
                || (string.Equals(name, CorrelationId, StringComparison.Ordinal) && IsOfTheServer(problem));
            if (isTold) refusal = refusal.With(name, value);
        }

        return refusal;
    }

    // Where there is nothing, the address is what is wrong; and what went wrong inside, only its operator can look up.
    private static string ExplanationOf(LedgerProblemException problem) => problem switch
    {
        { Code: "not_found", Address: { } address } => $"{problem.Detail} ({address.GetLeftPart(UriPartial.Path)})",
        { CorrelationId: { } id } when IsOfTheServer(problem) => $"{problem.Detail} Its correlation id is {id}.",
        _ => problem.Detail,
    };

    private static bool IsOfTheServer(LedgerProblemException problem) => problem.Status >= HttpStatusCode.InternalServerError;

    /// <summary>A document.</summary>
    public static JsonObject ObjectOf(JsonElement document) => JsonValue.Read(Encoding.UTF8.GetBytes(document.GetRawText())) as JsonObject
        ?? throw RemoteDocuments.Unexpected("$");
}
