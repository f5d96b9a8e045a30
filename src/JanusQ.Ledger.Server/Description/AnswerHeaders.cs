using System.Collections.Frozen;
using JanusQ.Ledger.Client.Contracts;
using Microsoft.OpenApi;

namespace JanusQ.Ledger.Server.Description;

/// <summary>Headers that an answer carries beside those that every answer carries, for the API's description.</summary>
/// <param name="headers">Names of <see cref="AnswerHeaders"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SendsAttribute(params string[] headers) : Attribute
{
    /// <summary>The names.</summary>
    public IReadOnlyList<string> Headers { get; } = headers;
}

/// <summary>A header of answers.</summary>
/// <param name="Header">Its name.</param>
/// <param name="Pattern">The form of its text.</param>
/// <param name="Example">One that is well formed.</param>
/// <param name="Explanation">What it says.</param>
internal sealed record AnswerHeader(string Header, string Pattern, string Example, string Explanation);

/// <summary>The headers of answers, by the names of their components.</summary>
internal static class AnswerHeaders
{
    public const string Version = "ETag";
    public const string Sequence = "Sequence";
    public const string CheckAgain = "CheckAgain";
    public const string NeverKeep = "NeverKeep";
    public const string NeverChanges = "NeverChanges";
    public const string Digest = "ContentDigest";
    public const string FileName = "FileName";
    public const string ByAccept = "ByAccept";
    public const string RetryAfter = "RetryAfter";
    public const string Challenge = "Challenge";

    private static readonly FrozenDictionary<string, AnswerHeader> All = new Dictionary<string, AnswerHeader>(StringComparer.Ordinal)
    {
        [Version] = new("ETag", """^"[!#-~]{1,100}"$""", "\"7\"", "The version of what is answered, for If-Match and If-None-Match."),
        [Sequence] = new(
            Reading.QueryAnswer.SequenceHeader, "^[0-9]{1,19}$", "4711", "The answer is complete up to the event of this sequence."),
        [CheckAgain] = new("Cache-Control", "^(private|public), no-cache$", "private, no-cache", "It may be kept, and is asked for again."),
        [NeverKeep] = new("Cache-Control", "^private, no-store$", "private, no-store", "Nobody keeps it."),
        [NeverChanges] = new(
            "Cache-Control", "^(private|public), max-age=31536000, immutable$", "private, max-age=31536000, immutable",
            "It never changes and may be kept for good."),
        [Digest] = new(
            "Content-Digest", "^sha-256=:[A-Za-z0-9+/]{43}=:$", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
            "What the body hashes to (RFC 9530)."),
        [FileName] = new("Content-Disposition", "^attachment; filename=\"[a-z0-9.]+\"$", "attachment; filename=\"bundle.zip\"", "A file."),
        [ByAccept] = new("Vary", "^Accept$", "Accept", "The form of the answer is the caller's choice."),
        [RetryAfter] = new(
            "Retry-After", "^[1-9][0-9]*$", "1", "Seconds after which the same request is welcome; there where that is known."),
        [Challenge] = new("WWW-Authenticate", "^Bearer$", "Bearer", "How callers show who they are."),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What the answers to commands carry, by their contracts.</summary>
    private static readonly FrozenDictionary<Type, string[]> ByContract = new Dictionary<Type, string[]>
    {
        [typeof(RecordingResponse)] = [Version],
        [typeof(PromotionResponse)] = [Version],
        [typeof(LaneIngestResponse)] = [Version],
        [typeof(PlaceResponse)] = [Version],
        [typeof(PolicyResponse)] = [Version],
        [typeof(SafetyResponse)] = [Version],
        [typeof(CreatedKeyResponse)] = [NeverKeep],
        [typeof(KeyListResponse)] = [NeverKeep],
        [typeof(RevokedKeyResponse)] = [NeverKeep],
        [typeof(HealthResponse)] = [],
        [typeof(ContentResponse)] = [],
    }.ToFrozenDictionary();

    /// <summary>What the answers of a contract carry.</summary>
    public static IReadOnlyList<string> Of(Type contract) => ByContract[contract];

    /// <summary>Says of an answer which headers it carries.</summary>
    public static void Describe(OpenApiResponse answer, IEnumerable<string> names, OpenApiDocument document)
    {
        foreach (var name in names)
        {
            var known = All[name];
            if (document.Components?.Headers?.ContainsKey(name) != true) document.AddComponent(name, Component(name, known));
            answer.Headers ??= new SortedDictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
            answer.Headers[known.Header] = new OpenApiHeaderReference(name, document);
        }
    }

    private static OpenApiHeader Component(string name, AnswerHeader header) => new()
    {
        Description = header.Explanation,
        Required = name != RetryAfter,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = header.Pattern },
        Example = header.Example,
    };
}
