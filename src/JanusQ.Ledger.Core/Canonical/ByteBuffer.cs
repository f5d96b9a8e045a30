using System.Buffers;
using System.Runtime.CompilerServices;

namespace JanusQ.Ledger.Core.Canonical;

/// <summary>
/// A growing run of bytes that is written once and then hashed, compared or copied out. Reusable through <see cref="Clear"/>.
/// </summary>
public sealed class ByteBuffer : IBufferWriter<byte>
{
    private byte[] _bytes;
    private int _length;

    /// <summary>Makes an empty buffer with room for <paramref name="capacity"/> bytes.</summary>
    public ByteBuffer(int capacity = 256) => _bytes = new byte[Math.Max(capacity, 16)];

    /// <summary>Number of bytes written.</summary>
    public int Length => _length;

    /// <summary>What was written. Valid until the next write or <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>What was written, without a copy. Valid until the next write or <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _length);

    /// <summary>Forgets what was written and keeps the room.</summary>
    public void Clear() => _length = 0;

    /// <summary>Forgets all bytes after the first <paramref name="length"/>.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_length, nameof(length));
        _length = length;
    }

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => Written.ToArray();

    /// <summary>Appends one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(byte value)
    {
        if (_length == _bytes.Length) Grow(1);
        _bytes[_length++] = value;
    }

    /// <summary>Appends bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(ReadOnlySpan<byte> value)
    {
        if (_bytes.Length - _length < value.Length) Grow(value.Length);
        value.CopyTo(_bytes.AsSpan(_length));
        _length += value.Length;
    }

    /// <summary>Room for at least <paramref name="size"/> bytes, to be claimed with <see cref="Advance"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int size)
    {
        if (_bytes.Length - _length < size) Grow(size);
        return _bytes.AsSpan(_length);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count) => _length += count;

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var size = Math.Max(sizeHint, 1);
        if (_bytes.Length - _length < size) Grow(size);
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0) => Reserve(Math.Max(sizeHint, 1));

    private void Grow(int more) =>
        Array.Resize(ref _bytes, checked((int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, (long)_length + more))));
}
