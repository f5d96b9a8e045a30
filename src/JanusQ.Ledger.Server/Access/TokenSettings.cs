using System.Collections.Frozen;
using JanusQ.Ledger.Server.Hosting;

namespace JanusQ.Ledger.Server.Access;

/// <summary>Whose tokens (JWT of an OpenID Connect issuer) are taken, and what role they give.</summary>
public sealed record TokenSettings
{
    /// <summary>
    /// The issuer, an https address (http on this machine alone): its discovery document says where its keys are. <c>Jwt:Issuer</c>
    /// </summary>
    public required string Issuer { get; init; }

    /// <summary>The audience that a token must name. <c>Jwt:Audience</c></summary>
    public required string Audience { get; init; }

    /// <summary>The claim with the name of the caller, the actor of events. <c>Jwt:NameClaim</c></summary>
    public string NameClaim { get; init; } = "sub";

    /// <summary>The claim whose values are roles, or mapped to roles. <c>Jwt:RoleClaim</c></summary>
    public string RoleClaim { get; init; } = "role";

    /// <summary>
    /// Where the roles stand in place of that claim, for issuers that nest them: a JSON Pointer such as <c>/realm_access/roles</c>; none
    /// takes the claim. <c>Jwt:RolePath</c>
    /// </summary>
    public ClaimPath? RolePath { get; init; }

    /// <summary>
    /// Values of that claim and the role of each; other values give none. Without a mapping the names of roles are the values.
    /// <c>Jwt:Roles</c> as <c>lane-workers=worker,on-call=operator</c>
    /// </summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } =
        Core.Candidates.Roles.All.ToFrozenDictionary(role => role, StringComparer.Ordinal);

    /// <summary>How far the clocks of issuer and server may be apart. <c>Jwt:ClockSkewSeconds</c></summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    internal static TokenSettings? Read(SettingsReader reader)
    {
        var (issuer, audience) = (reader.Text("Jwt:Issuer"), reader.Text("Jwt:Audience"));
        if (issuer is null)
        {
            if (audience is not null) reader.Refuse("Jwt:Issuer", "is missing, though Ledger:Jwt:Audience is set");
            return null;
        }

        if (audience is null) reader.Refuse("Jwt:Audience", "is missing: tokens for others would be taken");
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || IsHere(address)))
            reader.Refuse("Jwt:Issuer", $"'{issuer}' is no https address");
        var unless = new TokenSettings { Issuer = issuer, Audience = audience ?? "" };
        return unless with
        {
            NameClaim = reader.Text("Jwt:NameClaim") ?? unless.NameClaim,
            RoleClaim = reader.Text("Jwt:RoleClaim") ?? unless.RoleClaim,
            RolePath = reader.Text("Jwt:RolePath") is { } path ? RolePathOf(reader, path) : null,
            Roles = reader.Text("Jwt:Roles") is { } mapping ? RolesOf(reader, mapping) : unless.Roles,
            ClockSkew = reader.Seconds("Jwt:ClockSkewSeconds", unless.ClockSkew, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        };
    }

    /// <summary>Whether an address is http on this machine, where nobody stands between.</summary>
    internal static bool IsHere(Uri address) => address.Scheme == Uri.UriSchemeHttp && address.IsLoopback;

    private static ClaimPath? RolePathOf(SettingsReader reader, string text)
    {
        if (reader.Text("Jwt:RoleClaim") is not null)
            reader.Refuse("Jwt:RolePath", "is set beside Ledger:Jwt:RoleClaim; roles stand in one place");
        if (!ClaimPath.TryParse(text, out var path))
            reader.Refuse("Jwt:RolePath", $"'{text}' is no JSON Pointer such as /realm_access/roles");
        return path;
    }

    private static FrozenDictionary<string, string> RolesOf(SettingsReader reader, string mapping)
    {
        var roles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in mapping.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A value may hold '=' itself, a role does not.
            var at = pair.LastIndexOf('=');
            var (value, role) = at > 0 ? (pair[..at].Trim(), pair[(at + 1)..].Trim()) : ("", "");
            if (value.Length == 0 || !Core.Candidates.Roles.All.Contains(role, StringComparer.Ordinal))
                reader.Refuse("Jwt:Roles", $"'{pair}' is not VALUE=ROLE with one of {string.Join(", ", Core.Candidates.Roles.All)}");
            else if (!roles.TryAdd(value, role)) reader.Refuse("Jwt:Roles", $"'{value}' is mapped twice");
        }

        return roles.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
