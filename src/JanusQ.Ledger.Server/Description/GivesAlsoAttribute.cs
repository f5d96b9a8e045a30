namespace JanusQ.Ledger.Server.Description;

/// <summary>An answer of an endpoint with another status than 200 that is no problem.</summary>
internal interface IGivesAlso
{
    /// <summary>The status.</summary>
    int Status { get; }

    /// <summary>The document's type; none where there is no body.</summary>
    Type? Type { get; }

    /// <summary>What it is.</summary>
    string Explanation { get; }
}

/// <inheritdoc cref="IGivesAlso"/>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GivesAlsoAttribute(int status, string explanation) : Attribute, IGivesAlso
{
    /// <summary>The status.</summary>
    public int Status { get; } = status;

    /// <inheritdoc />
    Type? IGivesAlso.Type => null;

    /// <summary>What it is.</summary>
    public string Explanation { get; } = explanation;
}

/// <inheritdoc cref="IGivesAlso"/>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GivesAlsoAttribute<T>(int status, string explanation) : Attribute, IGivesAlso
{
    /// <summary>The status.</summary>
    public int Status { get; } = status;

    /// <inheritdoc />
    Type? IGivesAlso.Type => typeof(T);

    /// <summary>What it is.</summary>
    public string Explanation { get; } = explanation;
}
