using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Store;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace JanusQ.Ledger.Server.Hosting;

/// <summary>What a request may be: its size, and the time that it may take to arrive.</summary>
public sealed record RequestLimits
{
    private const int KiB = 1024;

    /// <summary>Bytes of a body at most, at endpoints that take files: two of the largest documents. <c>Limits:LargestUpload</c></summary>
    public long LargestUpload { get; init; } = 2 * LedgerOptions.DefaultLargestContent;

    /// <summary>Bytes of the request line at most, and so of the URL. <c>Limits:RequestLineBytes</c></summary>
    public int RequestLineBytes { get; init; } = 8 * KiB;

    /// <summary>Bytes of all headers at most. <c>Limits:HeaderBytes</c></summary>
    public int HeaderBytes { get; init; } = 16 * KiB;

    /// <summary>Number of headers at most. <c>Limits:Headers</c></summary>
    public int Headers { get; init; } = 64;

    /// <summary>How long the headers of a request may take to arrive. <c>Limits:HeadersSeconds</c></summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be idle between requests. <c>Limits:KeepAliveSeconds</c></summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Bytes a second in which bodies must arrive and answers be taken. <c>Limits:BytesPerSecond</c></summary>
    public int BytesPerSecond { get; init; } = 240;

    /// <summary>After what time that rate counts. <c>Limits:GraceSeconds</c></summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections at one time at most. <c>Limits:Connections</c></summary>
    public int Connections { get; init; } = 10_000;

    internal static RequestLimits Read(SettingsReader reader)
    {
        var unless = new RequestLimits();
        var (second, hour) = (TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        return new RequestLimits
        {
            LargestUpload = reader.Number("Limits:LargestUpload", unless.LargestUpload, RequestBody.LargestJson, 64L * KiB * KiB * KiB),
            RequestLineBytes = (int)reader.Number("Limits:RequestLineBytes", unless.RequestLineBytes, KiB, 64 * KiB),
            HeaderBytes = (int)reader.Number("Limits:HeaderBytes", unless.HeaderBytes, KiB, 256 * KiB),
            Headers = (int)reader.Number("Limits:Headers", unless.Headers, 10, 1000),
            HeadersTimeout = reader.Seconds("Limits:HeadersSeconds", unless.HeadersTimeout, second, hour),
            KeepAliveTimeout = reader.Seconds("Limits:KeepAliveSeconds", unless.KeepAliveTimeout, second, hour),
            BytesPerSecond = (int)reader.Number("Limits:BytesPerSecond", unless.BytesPerSecond, 1, 1_000_000),

            // Kestrel looks once a second.
            Grace = reader.Seconds("Limits:GraceSeconds", unless.Grace, second + second, hour),
            Connections = (int)reader.Number("Limits:Connections", unless.Connections, 1, 1_000_000),
        };
    }

    /// <summary>Sets what the server itself enforces before a request reaches any endpoint.</summary>
    internal void Apply(KestrelServerLimits server)
    {
        server.MaxRequestBodySize = RequestBody.LargestJson;
        server.MaxRequestLineSize = RequestLineBytes;
        server.MaxRequestHeadersTotalSize = HeaderBytes;
        server.MaxRequestHeaderCount = Headers;
        server.RequestHeadersTimeout = HeadersTimeout;
        server.KeepAliveTimeout = KeepAliveTimeout;
        server.MinRequestBodyDataRate = new MinDataRate(BytesPerSecond, Grace);
        server.MinResponseDataRate = new MinDataRate(BytesPerSecond, Grace);
        server.MaxConcurrentConnections = Connections;
        server.MaxConcurrentUpgradedConnections = 0;
    }

    /// <summary>Sets what the body of a request may be, by the endpoint: only those that take files take more than a document.</summary>
    /// <returns>The problem of a request that says by itself that it is larger; none otherwise: then reading it ends there.</returns>
    internal Problem? Apply(HttpContext context)
    {
        var takesFiles = context.GetEndpoint()?.Metadata.GetMetadata<TakesBytesAttribute>() is not null;
        var largest = takesFiles ? LargestUpload : RequestBody.LargestJson;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body) body.MaxRequestBodySize = largest;
        return context.Request.ContentLength > largest
            ? new Problem(new Core.Refusal("content_too_large", $"A body has at most {largest} bytes here.").With("limit", largest))
            : null;
    }
}
