using System.Security.Cryptography;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Content;

/// <summary>
/// Reads a stored document and hashes it on the way; the read that would say "end" fails if size or hash are not as expected.
/// </summary>
internal sealed class VerifyingStream(
    Stream source, Sha256Hash expected, long size, Func<Sha256Hash, Exception> corrupt) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;
    private bool _verified;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("What has to be asked for is read asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        try
        {
            var count = await source.ReadAsync(buffer, cancellationToken);
            Account(buffer.Span[..count]);
            return count;
        }
        catch (Exception broken) when (broken is InvalidOperationException or EndOfStreamException or InvalidDataException)
        {
            throw corrupt(expected);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        _hash.Dispose();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Account(ReadOnlySpan<byte> bytes)
    {
        _read += bytes.Length;
        if (_read > size) throw corrupt(expected);
        if (!bytes.IsEmpty)
        {
            _hash.AppendData(bytes);
            return;
        }

        if (_verified) return;
        if (_read != size || Sha256Hash.Of(_hash) != expected) throw corrupt(expected);
        _verified = true;
    }
}
