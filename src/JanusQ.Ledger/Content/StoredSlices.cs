namespace JanusQ.Ledger.Content;

/// <summary>
/// The bytes of a row, read slice by slice as somebody takes them. Between two slices nothing is held, neither a connection nor a
/// transaction, however long whoever reads takes: rows of documents never change.
/// </summary>
/// <param name="first">The first slice.</param>
/// <param name="slice">Reads the slice behind so many bytes; shorter than <see cref="SliceBytes"/> only where it is the last.</param>
internal sealed class StoredSlices(byte[] first, Func<long, CancellationToken, Task<byte[]>> slice) : Stream
{
    /// <summary>Bytes of a slice: 256 KiB.</summary>
    public const int SliceBytes = 256 * 1024;

    private byte[] _slice = first;
    private int _taken;
    private long _before;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _before + _taken;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_taken == _slice.Length && _slice.Length == SliceBytes)
        {
            _before += _slice.Length;
            _slice = await slice(_before, cancellationToken);
            _taken = 0;
        }

        var count = Math.Min(buffer.Length, _slice.Length - _taken);
        _slice.AsMemory(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("What has to be asked for is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
