using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Server.Hosting;

/// <summary>
/// Reads settings by name: from the environment as <c>JANUSQ_NAME</c>, else from the section <c>Ledger</c>. It goes on after a wrong one,
/// so that all of them are said at once.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<(string Setting, string Message)> _wrong = [];

    /// <summary>A text; none where it is not set or empty.</summary>
    /// <param name="name">The name in the section, with <c>:</c> between its parts.</param>
    /// <param name="variable">The environment variable, where it is not the one that follows from the name.</param>
    public string? Text(string name, string? variable = null)
    {
        var value = configuration[variable ?? VariableOf(name)] is { Length: > 0 } set ? set : configuration[$"Ledger:{name}"];
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    /// <summary>A whole number within bounds.</summary>
    public long Number(string name, long unless, long least, long most)
    {
        if (Text(name) is not { } text) return unless;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"'{text}' is no whole number from {least} to {most}"));
        return unless;
    }

    /// <summary>Yes or no; no where it is not set.</summary>
    public bool Flag(string name)
    {
        if (Text(name) is not { } text) return false;
        if (bool.TryParse(text, out var flag)) return flag;
        Refuse(name, $"'{text}' is neither true nor false");
        return false;
    }

    /// <summary>Seconds, with a fraction if need be, within bounds.</summary>
    public TimeSpan Seconds(string name, TimeSpan unless, TimeSpan least, TimeSpan most)
    {
        if (Text(name) is not { } text) return unless;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds >= least.TotalSeconds && seconds <= most.TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        Refuse(name, string.Create(
            CultureInfo.InvariantCulture, $"'{text}' is no number of seconds from {least.TotalSeconds} to {most.TotalSeconds}"));
        return unless;
    }

    /// <summary>Notes that a setting is wrong.</summary>
    public void Refuse(string name, string why) => _wrong.Add(($"Ledger:{name}", $"Ledger:{name} ({VariableOf(name)}): {why}."));

    /// <summary>Ends the reading.</summary>
    /// <exception cref="RefusedException"><c>settings_invalid</c>, with every setting that is wrong.</exception>
    public void Demand()
    {
        if (_wrong.Count == 0) return;
        throw new RefusedException(new Refusal("settings_invalid", string.Join(' ', _wrong.Select(one => one.Message)))
            .With("settings", JsonArray.OfTexts(_wrong.Select(one => one.Setting))));
    }

    // Jwt:RoleClaim is JANUSQ_JWT_ROLE_CLAIM.
    private static string VariableOf(string name)
    {
        var variable = new StringBuilder("JANUSQ_");
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == ':') variable.Append('_');
            else variable.Append(i > 0 && char.IsUpper(name[i]) && name[i - 1] != ':' ? "_" : "").Append(char.ToUpperInvariant(name[i]));
        }

        return variable.ToString();
    }
}
