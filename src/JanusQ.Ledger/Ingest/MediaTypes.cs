namespace JanusQ.Ledger.Ingest;

/// <summary>The media type of a lane's file by the ending of its name.</summary>
public static class MediaTypes
{
    /// <summary>The media type; <c>application/octet-stream</c> for an ending that lanes do not use.</summary>
    public static string OfPath(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" => "application/json",
        ".yaml" or ".yml" => "application/yaml",
        ".csv" => "text/csv",
        ".md" => "text/markdown",
        ".txt" or ".log" => "text/plain",
        _ => "application/octet-stream",
    };
}
