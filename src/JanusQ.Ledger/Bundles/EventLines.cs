using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Bundles;

/// <summary>Cuts the pieces of a file into lines.</summary>
/// <param name="take">Takes each line without its newline; false ends it.</param>
internal sealed class EventLines(EventLines.TakeLine take)
{
    private readonly ByteBuffer _rest = new(1 << 16);
    private bool _isOver;

    /// <summary>Takes a line.</summary>
    internal delegate bool TakeLine(ReadOnlySpan<byte> line);

    /// <summary>Whether a line is longer than any can be: nothing behind it was read.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether the last line does not end.</summary>
    public bool IsUnfinished => _rest.Length > 0;

    public void Take(ReadOnlySpan<byte> piece)
    {
        while (!_isOver && piece.IndexOf((byte)'\n') is var end and >= 0)
        {
            if (_rest.Length == 0)
            {
                _isOver = !take(piece[..end]);
            }
            else
            {
                _rest.Append(piece[..end]);
                _isOver = !take(_rest.Written);
                _rest.Clear();
            }

            piece = piece[(end + 1)..];
        }

        if (_isOver) return;
        _rest.Append(piece);
        if (_rest.Length > BundleEvent.MostBytes) IsTooLong = _isOver = true;
    }
}
