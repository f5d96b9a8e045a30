using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Content;

/// <summary>A document with its hash, and, once somebody asked, in the form in which it is stored. Nothing changes it.</summary>
public sealed class DocumentContent
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Lazy<StoredForm> _stored;

    /// <summary>Takes over bytes, which the caller must not change afterwards, and hashes them.</summary>
    public DocumentContent(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        _stored = new Lazy<StoredForm>(() => ContentEncoding.Encode(bytes));
        Sha256 = Sha256Hash.Of(bytes.Span);
    }

    /// <summary>Takes over bytes that are said to have a hash.</summary>
    /// <exception cref="RefusedException"><c>content_hash_mismatch</c>: they have another.</exception>
    public DocumentContent(ReadOnlyMemory<byte> bytes, Sha256Hash claimed)
        : this(bytes)
    {
        if (Sha256 != claimed) throw ContentRefusals.HashMismatch(claimed, Sha256);
    }

    /// <summary>SHA-256 of the bytes.</summary>
    public Sha256Hash Sha256 { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Number of bytes.</summary>
    public long Size => _bytes.Length;

    internal StoredForm Stored => _stored.Value;

    /// <summary>Makes the stored form if nobody did. What goes wrong is told to whoever asks for it.</summary>
    internal void TryMakeStored()
    {
        if (_stored.IsValueCreated) return;
        try
        {
            _ = _stored.Value;
        }
        catch (Exception e) when (e is OutOfMemoryException or InvalidOperationException)
        {
            // The lazy value keeps it.
        }
    }
}
