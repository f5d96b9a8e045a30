namespace JanusQ.Ledger.Client.Contracts;

/// <summary>A document of an evaluation on its way to the ledger.</summary>
/// <param name="Path">Path relative to the artifact root, with <c>/</c>.</param>
/// <param name="Content">The bytes.</param>
/// <param name="MediaType">Media type; by the ending of the path without it.</param>
public sealed record ArtifactUpload(string Path, ReadOnlyMemory<byte> Content, string? MediaType = null);
