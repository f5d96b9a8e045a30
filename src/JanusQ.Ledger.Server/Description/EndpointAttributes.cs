namespace JanusQ.Ledger.Server.Description;

/// <summary>The JSON document that an endpoint takes, for the API's description: the endpoint reads it by itself.</summary>
internal interface ITakes
{
    /// <summary>Its type.</summary>
    Type Type { get; }
}

/// <summary>What an endpoint answers, for the API's description.</summary>
internal interface IGives
{
    /// <summary>The document's type; none for a document of the ledger, or what is no JSON.</summary>
    Type? Type { get; }

    /// <summary>Its media type.</summary>
    string MediaType { get; }

    /// <summary>What it is.</summary>
    string Explanation { get; }

    /// <summary>Its name among <see cref="AnswerSchemas"/>; none for a contract, and for bytes.</summary>
    string? Answer { get; }
}

/// <inheritdoc cref="ITakes"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesAttribute<T> : Attribute, ITakes
{
    /// <inheritdoc />
    Type ITakes.Type => typeof(T);
}

/// <summary>A body that is no JSON document: its media types.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesBytesAttribute(params string[] mediaTypes) : Attribute
{
    /// <summary>The media types.</summary>
    public IReadOnlyList<string> MediaTypes { get; } = mediaTypes;
}

/// <inheritdoc cref="IGives"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GivesAttribute<T> : Attribute, IGives
{
    /// <inheritdoc />
    Type? IGives.Type => typeof(T);

    /// <inheritdoc />
    string IGives.MediaType => "application/json";

    /// <inheritdoc />
    string IGives.Explanation => "Done.";

    /// <inheritdoc />
    string? IGives.Answer => null;
}

/// <summary>A document of the ledger, or what is no JSON, that an endpoint answers, in one form or another.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GivesDocumentAttribute(string explanation, string mediaType = "application/json") : Attribute, IGives
{
    /// <inheritdoc />
    Type? IGives.Type => null;

    /// <summary>Its media type.</summary>
    public string MediaType { get; } = mediaType;

    /// <summary>What it is.</summary>
    public string Explanation { get; } = explanation;

    /// <summary>Its name among the schemas of answers; none for bytes.</summary>
    public string? Answer { get; init; }
}

/// <summary>
/// The codes by which an endpoint refuses, beside those of every endpoint: <c>request_invalid</c>, <c>not_authenticated</c>,
/// <c>not_authorised</c>, <c>rate_limited</c>, <c>unexpected_error</c>, <c>database_unavailable</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RefusesAttribute(params string[] codes) : Attribute
{
    /// <summary>The codes.</summary>
    public IReadOnlyList<string> Codes { get; } = codes;
}
