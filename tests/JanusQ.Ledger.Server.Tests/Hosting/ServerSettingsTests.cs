using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Watching;
using JanusQ.Ledger.Store;
using Microsoft.Extensions.Configuration;

namespace JanusQ.Ledger.Server.Tests.Hosting;

public sealed class ServerSettingsTests
{
    [Fact]
    public void without_any_there_are_defaults_and_no_tokens_are_taken()
    {
        var settings = Read();
        Assert.Equal(new ServerSettings(), settings);
        Assert.Null(settings.Tokens);
    }

    [Fact]
    public void the_environment_stands_before_the_section()
    {
        var settings = Read(
            ("JANUSQ_CONNECTION", "Host=a"), ("Ledger:ConnectionString", "Host=b"), ("JANUSQ_ACCEPT", "owner-connection,volatile-server"),
            ("Ledger:Accept", "OwnerConnection"), ("JANUSQ_JWT_ISSUER", "https://issuer.example"), ("Ledger:Jwt:Audience", "ledger"),
            ("JANUSQ_JWT_ROLE_CLAIM", "groups"), ("JANUSQ_JWT_ROLES", "lane-workers=worker, cn=on-call = operator"),
            ("JANUSQ_LIMITS_LARGEST_UPLOAD", "5000000"), ("Ledger:Limits:GraceSeconds", "2.5"), ("JANUSQ_RATE_CALLER_BURST", "7"),
            ("Ledger:SecurityLog:Queue", "9"), ("Ledger:KeyCacheSeconds", "0"), ("JANUSQ_DESCRIPTION_PUBLIC", "true"),
            ("Ledger:Description:Public", "false"), ("JANUSQ_LOG_IS_PUBLIC", "true"));
        Assert.Equal("Host=a", settings.ConnectionString);
        Assert.Equal(AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer, settings.Accept);
        Assert.Equal(("https://issuer.example", "ledger", "sub", "groups"),
            (settings.Tokens!.Issuer, settings.Tokens.Audience, settings.Tokens.NameClaim, settings.Tokens.RoleClaim));
        Assert.Equal(
            ["cn=on-call=operator", "lane-workers=worker"],
            settings.Tokens.Roles.Select(one => $"{one.Key}={one.Value}").Order(StringComparer.Ordinal));
        Assert.Equal((5_000_000, TimeSpan.FromSeconds(2.5), 7, 9, TimeSpan.Zero), (settings.Limits.LargestUpload, settings.Limits.Grace,
            settings.Rates.CallerBurst, settings.SecurityLogQueue, settings.KeyCache));
        Assert.Equal((true, true), (settings.DescriptionIsPublic, settings.LogIsPublic));
    }

    [Fact]
    public void how_it_is_watched_is_set_as_all_else()
    {
        var settings = Read(
            ("JANUSQ_WATCH_INTERVAL_SECONDS", "0.5"), ("Ledger:Watch:IntervalSeconds", "7"), ("JANUSQ_WATCH_PATIENCE_SECONDS", "1"),
            ("JANUSQ_WATCH_PROJECTION_LAG_EVENTS", "5"), ("Ledger:Watch:ProjectionLagSeconds", "6"), ("Ledger:Watch:LogLagEvents", "0"),
            ("JANUSQ_WATCH_LOG_LAG_SECONDS", "8"), ("JANUSQ_WATCH_PUBLIC_METRICS", "true"));
        Assert.Equal(
            new WatchSettings
            {
                Interval = TimeSpan.FromSeconds(0.5),
                Patience = TimeSpan.FromSeconds(1),
                ProjectionLagEvents = 5,
                ProjectionLag = TimeSpan.FromSeconds(6),
                LogLagEvents = 0,
                LogLag = TimeSpan.FromSeconds(8),
                PublicMetrics = true,
            },
            settings.Watch);
    }

    [Theory]
    [InlineData("Ledger:Accept", "everything", "Ledger:Accept")]
    [InlineData("JANUSQ_WATCH_INTERVAL_SECONDS", "0", "Ledger:Watch:IntervalSeconds")]
    [InlineData("Ledger:Watch:LogLagEvents", "many", "Ledger:Watch:LogLagEvents")]
    [InlineData("Ledger:Watch:PublicMetrics", "maybe", "Ledger:Watch:PublicMetrics")]
    [InlineData("JANUSQ_LIMITS_HEADERS", "many", "Ledger:Limits:Headers")]
    [InlineData("Ledger:Limits:HeaderBytes", "-1", "Ledger:Limits:HeaderBytes")]
    [InlineData("Ledger:Limits:HeadersSeconds", "0", "Ledger:Limits:HeadersSeconds")]
    [InlineData("Ledger:Rate:AddressPerSecond", "0", "Ledger:Rate:AddressPerSecond")]
    [InlineData("Ledger:KeyCacheSeconds", "3600", "Ledger:KeyCacheSeconds")]
    [InlineData("JANUSQ_DESCRIPTION_PUBLIC", "yes", "Ledger:Description:Public")]
    [InlineData("Ledger:Description:Public", "1", "Ledger:Description:Public")]
    [InlineData("Ledger:Jwt:Audience", "ledger", "Ledger:Jwt:Issuer")]
    [InlineData("Ledger:Jwt:Issuer", "https://issuer.example", "Ledger:Jwt:Audience")]
    public void a_wrong_setting_is_named(string name, string value, string named)
    {
        var refusal = Assert.Throws<RefusedException>(() => Read((name, value))).Refusal;
        Assert.Equal("settings_invalid", refusal.Code);
        Assert.Equal($"[\"{named}\"]", refusal.Members.Single().Value.ToString());
        Assert.Contains($"{named} (JANUSQ_", refusal.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void proxies_are_addresses_and_networks()
    {
        Assert.Equal(
            ["10.1.2.3/32", "10.2.0.0/16", "2001:db8::1/128", "2001:db8:1::/48"],
            Read(("JANUSQ_PROXIES", "10.1.2.3, 10.2.0.0/16,2001:db8::1,2001:db8:1::/48")).Proxies.Select(proxy => proxy.ToString()));
        Assert.Empty(Read().Proxies);
    }

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("10")]
    [InlineData("10.1.2.3/33")]
    [InlineData("10.1.2.3/16")]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.1.2.3 10.1.2.4")]
    public void what_names_no_proxy_or_everybody_is_refused(string proxies)
    {
        var refusal = Assert.Throws<RefusedException>(() => Read(("Ledger:Proxies", proxies))).Refusal;
        Assert.Contains("Ledger:Proxies (JANUSQ_PROXIES)", refusal.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("realm_access.roles", null)]
    [InlineData("/", null)]
    [InlineData("/a//b", null)]
    [InlineData("/a~2", null)]
    [InlineData("/realm_access/roles", "groups")]
    public void a_path_to_roles_is_a_pointer_and_the_only_place(string path, string? claim)
    {
        var refusal = Assert.Throws<RefusedException>(() => Read(
            ("Ledger:Jwt:Issuer", "https://issuer.example"), ("Ledger:Jwt:Audience", "a"), ("Ledger:Jwt:RolePath", path),
            ("Ledger:Jwt:RoleClaim", claim ?? ""))).Refusal;
        Assert.Contains("Ledger:Jwt:RolePath", refusal.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://issuer.example")]
    [InlineData("issuer")]
    public void an_issuer_that_others_could_pose_as_is_no_issuer(string issuer)
    {
        var refusal = Assert.Throws<RefusedException>(() => Read(("Ledger:Jwt:Issuer", issuer), ("Ledger:Jwt:Audience", "a"))).Refusal;
        Assert.Contains("Ledger:Jwt:Issuer", refusal.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workers=nobody")]
    [InlineData("=worker")]
    [InlineData("worker")]
    [InlineData("a=worker,a=admin")]
    public void a_mapping_to_no_role_is_no_mapping(string roles)
    {
        var refusal = Assert.Throws<RefusedException>(() => Read(
            ("Ledger:Jwt:Issuer", "https://issuer.example"), ("Ledger:Jwt:Audience", "a"), ("Ledger:Jwt:Roles", roles))).Refusal;
        Assert.Contains("Ledger:Jwt:Roles", refusal.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void all_that_are_wrong_are_said_at_once()
    {
        var refusal = Assert.Throws<RefusedException>(() => Read(
            ("Ledger:Limits:Headers", "x"), ("Ledger:Rate:CallerBurst", "y"), ("JANUSQ_WATCH_PATIENCE_SECONDS", "z"))).Refusal;
        Assert.Equal(3, ((JsonArray)refusal.Members.Single().Value).Count);
    }

    private static ServerSettings Read(params (string Name, string Value)[] settings) => ServerSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(one => new KeyValuePair<string, string?>(one.Name, one.Value))).Build());
}
