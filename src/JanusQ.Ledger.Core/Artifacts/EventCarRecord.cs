using System.Runtime.CompilerServices;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Artifacts;

/// <summary>Which way an event points (artifacts.md section 6, step 5).</summary>
public enum SemanticDirection : byte
{
    /// <summary>CAR is zero.</summary>
    Neutral,

    /// <summary>CAR is above zero.</summary>
    Long,

    /// <summary>CAR is below zero.</summary>
    Short,
}

/// <summary>The names of directions and strengths in artifacts.</summary>
public static class SemanticDirections
{
    private static readonly CanonicalText[] Names = [new("neutral"), new("long"), new("short")];

    /// <summary>The name of a direction: <c>long</c>, <c>short</c> or <c>neutral</c>.</summary>
    public static CanonicalText Name(this SemanticDirection direction) => Names[(int)direction];

    /// <summary>The direction of a CAR.</summary>
    public static SemanticDirection Of(in Decimal28 car) =>
        car.IsZero ? SemanticDirection.Neutral : car.IsNegative ? SemanticDirection.Short : SemanticDirection.Long;
}

/// <summary>The first twelve bytes of a SHA-256: an id of the contract, written as 24 hex digits.</summary>
[InlineArray(Length)]
public struct EntryId
{
    /// <summary>Number of bytes.</summary>
    public const int Length = Sha256Hash.IdLength / 2;

    private byte _first;

    /// <summary>The id that a digest begins with.</summary>
    public static EntryId Of(in Sha256Hash hash)
    {
        EntryId id = default;
        hash.Bytes[..Length].CopyTo(id);
        return id;
    }

    /// <inheritdoc />
    public override readonly string ToString() => Convert.ToHexStringLower(this);
}

/// <summary>One record of an event/CAR artifact (artifacts.md section 6).</summary>
public readonly struct EventCarRecord
{
    internal EventCarRecord(Signal signal, in Decimal28 nextPrice, in Decimal28 rawReturn, in Decimal28 car, bool isStrong)
    {
        Signal = signal;
        NextPrice = nextPrice;
        RawReturn = rawReturn;
        Car = car;
        IsStrong = isStrong;
    }

    /// <summary>The signal behind the record: instant, symbol, sequence, source, event type, payload.</summary>
    public Signal Signal { get; }

    /// <summary>p: the signal's price, 0 where it has none.</summary>
    public Decimal28 Price => Signal.Price ?? Decimal28.Zero;

    /// <summary>q: the price of the symbol's next signal, of this one for the symbol's last.</summary>
    public Decimal28 NextPrice { get; }

    /// <summary>(q − p) / p, or 0 where p is not above zero.</summary>
    public Decimal28 RawReturn { get; }

    /// <summary>The cumulative abnormal return; the same number as the abnormal and the risk-neutralized return here.</summary>
    public Decimal28 Car { get; }

    /// <summary>Whether |CAR| reaches the threshold.</summary>
    public bool IsStrong { get; }

    /// <summary>Long, short or neutral, from the CAR.</summary>
    public SemanticDirection Direction => SemanticDirections.Of(Car);

    /// <summary>Id of the event: of its instant, symbol, sequence, source and whole payload.</summary>
    public EntryId EventId { get; internal init; }

    /// <summary>Hash of the payload.</summary>
    public Sha256Hash PayloadHash { get; internal init; }
}
