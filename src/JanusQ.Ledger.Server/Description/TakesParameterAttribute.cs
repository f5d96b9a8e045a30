namespace JanusQ.Ledger.Server.Description;

/// <summary>Where a parameter stands.</summary>
public enum ParameterPlace
{
    /// <summary>In the query.</summary>
    Query,

    /// <summary>A header.</summary>
    Header,
}

/// <summary>A parameter of an endpoint that it reads by itself, for the API's description.</summary>
/// <param name="place">Where it stands.</param>
/// <param name="name">Its name.</param>
/// <param name="pattern">The form of its text, as a regular expression.</param>
/// <param name="example">One that is well formed.</param>
/// <param name="explanation">What it is.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class TakesParameterAttribute(
    ParameterPlace place, string name, string pattern, string example, string explanation) : Attribute
{
    /// <summary>Where it stands.</summary>
    public ParameterPlace Place { get; } = place;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>The form of its text.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>One that is well formed.</summary>
    public string Example { get; } = example;

    /// <summary>What it is.</summary>
    public string Explanation { get; } = explanation;

    /// <summary>Whether it must be there.</summary>
    public bool Required { get; init; }
}
