using JanusQ.Ledger.Access;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace JanusQ.Ledger.Server.Refusals;

/// <summary>
/// Sees which requests are refused, and hands them to the security log: those that reach the application by its middleware, those that
/// Kestrel itself refuses (malformed HTTP, headers that are too large or too slow) by what it reports.
/// </summary>
internal sealed class RefusedRequests(SecurityLogWriter writer, TimeProvider clock) : IObserver<KeyValuePair<string, object?>>
{
    /// <summary>What Kestrel reports a malformed request as.</summary>
    public const string BadRequestEvent = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Lets a request through and looks what became of it.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Features.Set(Seen.ByTheApplication);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            if (CodeOf(context, context.Response.StatusCode) is { } code) writer.Add(EntryOf(context, code));
        }
    }

    /// <inheritdoc />
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != BadRequestEvent || value.Value is not IFeatureCollection features || features.Get<Seen>() is not null) return;
        var bad = features.Get<IBadRequestExceptionFeature>()?.Error as BadHttpRequestException;
        var status = bad?.StatusCode ?? StatusCodes.Status400BadRequest;
        if (status is < 400 or > 499) return;
        var request = features.Get<IHttpRequestFeature>();
        writer.Add(new SecurityEntry
        {
            RefusedAt = clock.GetUtcNow(),
            Status = status,
            Code = CodeOf(status),
            Address = features.Get<IHttpConnectionFeature>()?.RemoteIpAddress?.ToString(),
            Method = request?.Method ?? "",
            Path = request?.Path ?? "",
            CorrelationId = features.Get<IHttpRequestIdentifierFeature>()?.TraceIdentifier ?? "",
        });
    }

    /// <inheritdoc />
    public void OnCompleted()
    {
        // The server ends.
    }

    /// <inheritdoc />
    public void OnError(Exception error)
    {
        // What reports has failed, and nothing of that is a refusal.
    }

    private SecurityEntry EntryOf(HttpContext context, string code)
    {
        var submitter = context.User.Identity is { IsAuthenticated: true } ? context.Submitter() : null;
        var byKey = submitter is not null && context.User.Identity?.AuthenticationType == ApiKeyAuthentication.SchemeName;
        return new SecurityEntry
        {
            RefusedAt = clock.GetUtcNow(),
            Status = context.Response.StatusCode,
            Code = code,
            Actor = submitter?.Actor,
            Role = submitter?.Role,
            KeyName = byKey ? submitter?.Actor : context.CredentialNote()?.KeyName,
            Address = context.Connection.RemoteIpAddress?.ToString(),
            Method = context.Request.Method,
            Path = RequestAddress.IsPlain(context) ? context.Request.Path.Value ?? "" : RequestAddress.SentPath(context),
            CorrelationId = context.CorrelationId(),
        };
    }

    // What is well formed, allowed and only wrong in its matter (not found, conflict, a failed condition) is no refused access.
    private static string? CodeOf(HttpContext context, int status) => status switch
    {
        StatusCodes.Status401Unauthorized => context.CredentialNote()?.Code ?? "credentials_missing",
        StatusCodes.Status400BadRequest or StatusCodes.Status403Forbidden or StatusCodes.Status408RequestTimeout
            or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType
            or StatusCodes.Status429TooManyRequests => context.RefusalNote() ?? CodeOf(status),
        StatusCodes.Status422UnprocessableEntity => context.RefusalNote() is { } code && IsOfAnArchive(code) ? code : null,
        _ => null,
    };

    // Lanes make archives by programs: one that is none, or whose paths lead elsewhere, was made by hand.
    private static bool IsOfAnArchive(string code) => code.StartsWith("lane_archive_", StringComparison.Ordinal);

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => "request_too_slow",
        StatusCodes.Status413PayloadTooLarge => "content_too_large",
        StatusCodes.Status414UriTooLong => "url_too_long",
        StatusCodes.Status415UnsupportedMediaType => "media_type_unsupported",
        StatusCodes.Status429TooManyRequests => "rate_limited",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "headers_too_large",
        StatusCodes.Status403Forbidden => "not_authorised",
        _ => "request_malformed",
    };

    /// <summary>Marks a request that reached the application, so that it is not counted twice.</summary>
    private sealed class Seen
    {
        public static readonly Seen ByTheApplication = new();
    }
}
