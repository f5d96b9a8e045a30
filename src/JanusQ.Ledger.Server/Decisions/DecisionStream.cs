using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Http.Features;

namespace JanusQ.Ledger.Server.Decisions;

/// <summary>
/// What one who follows the decisions hears, as server-sent events (WHATWG HTML, 9.2). Every message says how far it is as its id, those
/// without a decision too: so who resumes never hears anything twice.
/// </summary>
/// <param name="follower">Who follows.</param>
/// <param name="stopping">Ends it when the server stops.</param>
internal sealed class DecisionStream(DecisionFollower follower, CancellationToken stopping) : IResult
{
    private const int RetryMilliseconds = 2000;

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        await using var leaving = follower.ConfigureAwait(false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        var watching = httpContext.EndWhenOverAsync(ending);
        try
        {
            await foreach (var item in follower.ReadAsync(ending.Token).ConfigureAwait(false))
            {
                var text = TextOf(item);
                if (!httpContext.Response.HasStarted)
                {
                    Begin(httpContext, item.Sequence);
                    text = string.Create(CultureInfo.InvariantCulture, $"retry: {RetryMilliseconds}\n{text}");
                }

                await httpContext.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), ending.Token).ConfigureAwait(false);
                await httpContext.Response.Body.FlushAsync(ending.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The caller went away, is let in no more, or the server stops: who follows resumes elsewhere, or not at all.
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    private static void Begin(HttpContext context, long sequence)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "private, no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        QueryAnswer.SetSequence(response, sequence);
    }

    private static string TextOf(FeedItem item) => item.Decision is { } made
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"id: {item.Sequence}\nevent: {made.Recorded.Type}\ndata: {CanonicalJson.Text(made.ToJson())}\n\n")
        : string.Create(CultureInfo.InvariantCulture, $": complete up to here\nid: {item.Sequence}\n\n");
}
