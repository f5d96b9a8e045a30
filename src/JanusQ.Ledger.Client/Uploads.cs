using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Client;

/// <summary>The bodies of requests. Bytes go with their digest (RFC 9530).</summary>
internal static class Uploads
{
    /// <summary>The header that says what bytes hash to.</summary>
    public const string DigestHeader = "Content-Digest";

    /// <summary>A JSON document.</summary>
    public static HttpContent Json<T>(T document)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(document, ApiJson.Options));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>Bytes.</summary>
    public static HttpContent Bytes(ReadOnlyMemory<byte> bytes, string? mediaType)
    {
        var content = new ReadOnlyMemoryContent(bytes);
        if (mediaType is not null) content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        content.Headers.TryAddWithoutValidation(DigestHeader, DigestOf(bytes.Span));
        return content;
    }

    /// <summary>Several artifacts, one part each, named by its path.</summary>
    public static HttpContent Parts(IEnumerable<ArtifactUpload> artifacts)
    {
        var content = new MultipartContent("form-data") { HeaderEncodingSelector = static (_, _) => Encoding.UTF8 };
        foreach (var artifact in artifacts)
        {
            var part = Bytes(artifact.Content, artifact.MediaType);
            var name = artifact.Path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{name}\"");
            content.Add(part);
        }

        return content;
    }

    /// <summary>The digest of bytes as the header carries it.</summary>
    public static string DigestOf(ReadOnlySpan<byte> bytes) => Text(SHA256.HashData(bytes));

    /// <summary>The digest of all that was hashed so far.</summary>
    public static string DigestOf(IncrementalHash hash) => Text(hash.GetCurrentHash());

    private static string Text(byte[] hash) => $"sha-256=:{Convert.ToBase64String(hash)}:";
}
