using JanusQ.Ledger.Core;

namespace JanusQ.Ledger.Server.Uploads;

/// <summary>
/// Room for large bodies: so many bytes of them at a time, and what is more is refused before it is read. Small ones need none.
/// </summary>
/// <param name="limits">How much there is.</param>
public sealed class UploadPlaces(UploadLimits limits)
{
    /// <summary>As much is under way as there may be.</summary>
    public const string TooManyUploads = "too_many_uploads";

    private const int RetrySeconds = 2;

    private readonly Lock _room = new();
    private long _free = limits.AtOnce;

    /// <summary>Bytes for which there is room now.</summary>
    public long Free
    {
        get
        {
            lock (_room) return _free;
        }
    }

    /// <summary>Makes room for the body of a request until what is given back is disposed of.</summary>
    /// <param name="context">The request. One that does not say how large it is counts as the largest.</param>
    /// <param name="limit">Bytes that the body has at most; it is let have no more.</param>
    /// <exception cref="RefusedException"><c>content_too_large</c>, <c>too_many_uploads</c>.</exception>
    public IDisposable Take(HttpContext context, long limit)
    {
        ArgumentNullException.ThrowIfNull(context);
        UploadedBytes.Limit(context, limit);
        var bytes = context.Request.ContentLength ?? limit;

        // Whoever is alone goes in, however large.
        var room = bytes <= limits.InMemory ? 0 : Math.Min(bytes, limits.AtOnce);
        lock (_room)
        {
            if (room > _free) throw TooMany();
            _free -= room;
        }

        return new Place(this, room);
    }

    private static RefusedException TooMany() => new(
        new Refusal(TooManyUploads, "The server takes as many large bodies as it has room for; send it again after a while.")
            .With("retry_after_seconds", RetrySeconds));

    private void Give(long room)
    {
        lock (_room) _free += room;
    }

    private sealed class Place(UploadPlaces places, long room) : IDisposable
    {
        private bool _isFree;

        public void Dispose()
        {
            if (_isFree) return;
            _isFree = true;
            places.Give(room);
        }
    }
}
