namespace JanusQ.Ledger.Server.Description;

/// <summary>A parameter that an endpoint takes in the query of the address. Those that are not named by one are refused.</summary>
/// <param name="name">Its name.</param>
/// <param name="explanation">What it says.</param>
/// <param name="form">Its form as a regular expression; none for any text.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class TakesQueryAttribute(string name, string explanation, string? form = null) : Attribute
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>What it says.</summary>
    public string Explanation { get; } = explanation;

    /// <summary>Its form as a regular expression; none for any text.</summary>
    public string? Form { get; } = form;

    /// <summary>One that is well formed, where not every parameter of its form or name has the same.</summary>
    public string? Example { get; init; }
}
