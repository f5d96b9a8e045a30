using JanusQ.Ledger.Core;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace JanusQ.Ledger.Server.Hosting;

/// <summary>Answers HEAD wherever GET is answered: the same status and headers, and no body (RFC 9110, 9.1 and 9.3.2).</summary>
internal static class HeadRequests
{
    private const string EventStream = "text/event-stream";

    private static readonly object Asked = new();

    /// <summary>Makes a GET of it for what stands behind. To stand before the routing.</summary>
    public static void UseHead(this WebApplication app) => app.Use(next => async context =>
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Request.Method = HttpMethods.Get;
        context.Items[Asked] = true;
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null, body));
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            context.Features.Set(body);
            context.Request.Method = HttpMethods.Head;
        }
    });

    /// <summary>Refuses it where the answer has no end. To stand behind the routing.</summary>
    public static void UseHeadLimits(this WebApplication app) => app.Use(next => context =>
    {
        if (!context.Items.ContainsKey(Asked) || context.GetEndpoint()?.Metadata.GetMetadata<IGives>()?.MediaType != EventStream)
            return next(context);
        context.Response.Headers.Allow = HttpMethods.Get;
        return new Problem(new Refusal("method_not_allowed", "This answer has no end: it is there for GET alone.")).ExecuteAsync(context);
    });
}
