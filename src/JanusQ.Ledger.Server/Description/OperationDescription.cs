using System.Globalization;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Description;

/// <summary>Describes an endpoint by what stands on it: what it takes and gives, how it refuses, whom it lets in.</summary>
internal sealed class OperationDescription : IOpenApiOperationTransformer
{
    private const string Json = "application/json";

    private static readonly string[] AlwaysRefuses = ["request_invalid", "rate_limited", "unexpected_error", "database_unavailable"];
    private static readonly string[] RefusesStrangers = ["not_authenticated", "not_authorised", "issuer_unavailable"];
    private static readonly string[] RefusesBodies = ["request_too_slow", "content_too_large", "media_type_unsupported"];

    /// <inheritdoc />
    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor is not WolverineActionDescriptor { MethodInfo: { } method } action) return;
        var metadata = action.EndpointMetadata;
        var endpoint = method.DeclaringType!;
        var name = endpoint.Name.EndsWith("Endpoint", StringComparison.Ordinal) ? endpoint.Name[..^"Endpoint".Length] : endpoint.Name;
        operation.OperationId = name;
        operation.Summary = CodeDocs.SummaryOf(endpoint) ?? name;
        operation.Tags = new HashSet<OpenApiTagReference> { new(endpoint.Namespace!.Split('.')[^1], context.Document) };
        operation.Parameters = [.. ParametersOf(context, metadata)];
        operation.RequestBody = await BodyOfAsync(context, metadata, cancellationToken).ConfigureAwait(false);
        var isOpen = metadata.OfType<IAllowAnonymous>().Any();
        operation.Responses = await AnswersOfAsync(
            context, metadata, isOpen, operation.RequestBody is not null, cancellationToken).ConfigureAwait(false);
        operation.Security = isOpen
            ? []
            : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DocumentDescription.Bearer, context.Document)] = [] }];
        operation.Description = isOpen ? null : WhoOf(metadata);
    }

    private static string WhoOf(IList<object> metadata)
    {
        var roles = metadata.OfType<IAuthorizeData>().Select(data => data.Policy).OfType<string>()
            .SelectMany(policy => AccessPolicies.RolesOf.GetValueOrDefault(policy) ?? []).Distinct(StringComparer.Ordinal);
        return $"For the roles {string.Join(", ", roles.Order(StringComparer.Ordinal))}.";
    }

    private static IEnumerable<OpenApiParameter> ParametersOf(OpenApiOperationTransformerContext context, IList<object> metadata)
    {
        foreach (var parameter in context.Description.ParameterDescriptions.Where(parameter => parameter.Source.Id == "Path"))
        {
            var known = PathParameters.Find(parameter.Name);
            yield return Parameter(ParameterLocation.Path, parameter.Name, known?.Pattern, known?.Example, known?.Explanation, true);
        }

        foreach (var taken in metadata.OfType<TakesParameterAttribute>())
        {
            var place = taken.Place == ParameterPlace.Query ? ParameterLocation.Query : ParameterLocation.Header;
            yield return Parameter(place, taken.Name, taken.Pattern, taken.Example, taken.Explanation, taken.Required);
        }

        foreach (var asked in metadata.OfType<TakesQueryAttribute>())
            yield return Parameter(
                ParameterLocation.Query, asked.Name, asked.Form ?? QueryForms.Text, asked.Example ?? QueryExamples.Of(asked),
                asked.Explanation, false);

        if (metadata.OfType<TakesIfNoneMatchAttribute>().Any())
        {
            yield return Parameter(
                ParameterLocation.Header, "If-None-Match", """^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$""", "\"7\"",
                "The ETag of the answer that the caller has, or several, or * for any.", false);
        }

        // Endpoints that refuse to go without a header take it.
        var codes = metadata.OfType<RefusesAttribute>().SelectMany(refuses => refuses.Codes).ToHashSet(StringComparer.Ordinal);
        if (codes.Contains("version_required"))
        {
            yield return Parameter(
                ParameterLocation.Header,
                "If-Match",
                """^(\*|"[0-9]{1,18}")$""",
                "\"7\"",
                "The version of what changes, as its ETag said, or * for any.",
                true);
        }

        if (codes.Contains("content_digest_missing") && !context.Description.ActionDescriptor.EndpointMetadata
            .OfType<TakesBytesAttribute>().Any(bytes => bytes.MediaTypes.Contains("multipart/form-data", StringComparer.Ordinal)))
        {
            yield return Parameter(
                ParameterLocation.Header,
                "Content-Digest",
                "^sha-256=:[A-Za-z0-9+/]{43}=:$",
                "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
                "What the body hashes to (RFC 9530).",
                true);
        }

        yield return Parameter(
            ParameterLocation.Header,
            Caller.CorrelationHeader,
            "^[!-~]{1,200}$",
            "case-17",
            "What the caller knows the whole piece of work by: events, problems and logs carry it.",
            false);
    }

    private static OpenApiParameter Parameter(
        ParameterLocation place, string name, string? pattern, string? example, string? explanation, bool required) => new()
        {
            In = place,
            Name = name,
            Required = required,
            Description = explanation,
            Example = example,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern },
        };

    private static async Task<OpenApiRequestBody?> BodyOfAsync(
        OpenApiOperationTransformerContext context, IList<object> metadata, CancellationToken cancellation)
    {
        if (metadata.OfType<ITakes>().FirstOrDefault() is { } takes)
        {
            var media = await MediaOfAsync(context, takes.Type, cancellation).ConfigureAwait(false);
            return new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { [Json] = media } };
        }

        if (metadata.OfType<TakesBytesAttribute>().FirstOrDefault() is not { } bytes) return null;
        var body = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) };
        foreach (var type in bytes.MediaTypes) body.Content[type] = new OpenApiMediaType { Schema = BodyOf(type) };
        return body;
    }

    private static OpenApiSchema BodyOf(string mediaType) => mediaType != "multipart/form-data"
        ? AnswerSchemas.Bytes(mediaType)
        : new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "A part for each file: named by its path, with its own Content-Type and Content-Digest.",
            AdditionalProperties = AnswerSchemas.Bytes("application/octet-stream"),
        };

    private static async Task<OpenApiResponses> AnswersOfAsync(
        OpenApiOperationTransformerContext context, IList<object> metadata, bool isOpen, bool hasBody, CancellationToken cancellation)
    {
        var answers = new SortedDictionary<int, OpenApiResponse>();
        var document = context.Document!;
        var headers = metadata.OfType<SendsAttribute>().SelectMany(sends => sends.Headers).ToList();
        if (metadata.OfType<TakesIfNoneMatchAttribute>().Any()) headers.Add(AnswerHeaders.Version);
        foreach (var gives in metadata.OfType<IGives>())
        {
            var done = answers.GetValueOrDefault(StatusCodes.Status200OK) ?? new OpenApiResponse { Description = gives.Explanation };
            (done.Content ??= Content())[gives.MediaType] = await GivenAsync(context, gives, headers, cancellation).ConfigureAwait(false);
            answers[StatusCodes.Status200OK] = done;
        }

        AnswerHeaders.Describe(answers[StatusCodes.Status200OK], headers, document);
        foreach (var also in metadata.OfType<IGivesAlso>())
        {
            var answer = answers[also.Status] = new OpenApiResponse { Description = also.Explanation };
            if (also.Status == StatusCodes.Status304NotModified) AnswerHeaders.Describe(answer, headers, document);
            if (also.Type is not null)
                (answer.Content = Content())[Json] = await MediaOfAsync(context, also.Type, cancellation).ConfigureAwait(false);
        }

        var codes = AlwaysRefuses.Concat(isOpen ? [] : RefusesStrangers).Concat(hasBody ? RefusesBodies : [])
            .Concat(metadata.OfType<RefusesAttribute>().SelectMany(refuses => refuses.Codes)).Distinct(StringComparer.Ordinal);
        foreach (var codesOfStatus in codes.GroupBy(code => ProblemTypes.StatusOf(new Refusal(code, ""))))
            AddProblems(context, answers, codesOfStatus.Key, [.. codesOfStatus.Order(StringComparer.Ordinal)]);
        var responses = new OpenApiResponses();
        foreach (var (status, answer) in answers) responses[status.ToString(CultureInfo.InvariantCulture)] = answer;
        foreach (var (status, name) in BareAnswers.All(document)) responses[status] = new OpenApiResponseReference(name, document);
        return responses;
    }

    /// <summary>An answer in one form, and the headers that go with its kind.</summary>
    private static async Task<OpenApiMediaType> GivenAsync(
        OpenApiOperationTransformerContext context, IGives gives, List<string> headers, CancellationToken cancellation)
    {
        if (gives.Type is { } contract)
        {
            headers.AddRange(AnswerHeaders.Of(contract));
            return await MediaOfAsync(context, contract, cancellation).ConfigureAwait(false);
        }

        if (gives.Answer is not { } name) return new OpenApiMediaType { Schema = AnswerSchemas.Bytes(gives.MediaType) };
        var answers = new AnswerSchemas(context.Document!);
        var (schema, example) = answers.Find(name);
        if (gives.MediaType == Json)
            headers.AddRange(answers.SaysSequence(name) ? [AnswerHeaders.Sequence, AnswerHeaders.CheckAgain] : [AnswerHeaders.NeverKeep]);
        return new OpenApiMediaType { Schema = schema, Example = example };
    }

    private static void AddProblems(
        OpenApiOperationTransformerContext context, SortedDictionary<int, OpenApiResponse> answers, int status, IReadOnlyList<string> codes)
    {
        if (!answers.TryGetValue(status, out var answer))
            answers[status] = answer = new OpenApiResponse { Description = ReasonPhrases.GetReasonPhrase(status) };
        var examples = codes.ToDictionary(
            code => code, IOpenApiExample (code) => new OpenApiExample { Value = DescribedProblem.Example(code) }, StringComparer.Ordinal);
        context.Document!.AddComponent(DescribedProblem.SchemaName, DescribedProblem.Schema());
        if (status == StatusCodes.Status401Unauthorized) AnswerHeaders.Describe(answer, [AnswerHeaders.Challenge], context.Document!);
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            AnswerHeaders.Describe(answer, [AnswerHeaders.RetryAfter], context.Document!);
        (answer.Content ??= Content())[Problem.MediaType] = new OpenApiMediaType
        {
            Schema = new OpenApiSchemaReference(DescribedProblem.SchemaName, context.Document),
            Examples = examples,
        };
    }

    private static async Task<OpenApiMediaType> MediaOfAsync(
        OpenApiOperationTransformerContext context, Type type, CancellationToken cancellation)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, cancellation).ConfigureAwait(false);
        context.Document!.AddComponent(type.Name, schema);
        return new OpenApiMediaType
        {
            Schema = new OpenApiSchemaReference(type.Name, context.Document),
            Example = ContractExamples.Find(type),
        };
    }

    private static Dictionary<string, OpenApiMediaType> Content() => new(StringComparer.Ordinal);
}
