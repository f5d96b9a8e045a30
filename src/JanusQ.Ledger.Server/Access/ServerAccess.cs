using JanusQ.Ledger.Core;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Uploads;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace JanusQ.Ledger.Server.Access;

/// <summary>Who is let in, how often, and with how much.</summary>
internal static class ServerAccess
{
    private const string EitherScheme = "KeyOrToken";

    /// <summary>Adds keys, tokens where an issuer is set, rates and policies.</summary>
    public static void AddServerAccess(this WebApplicationBuilder builder, ServerSettings settings, IKeyHolders keys)
    {
        var services = builder.Services;
        services.AddSingleton(_ => keys);
        services.Configure<KeyManagementOptions>(KeysOfTheProcess.Use);
        var authentication = services.AddAuthentication(EitherScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddPolicyScheme(EitherScheme, null, options => options.ForwardDefaultSelector = context =>
                settings.Tokens is null || ApiKeyAuthentication.AsksNobody(context) || ShowsKey(context.Request)
                    ? ApiKeyAuthentication.SchemeName
                    : JwtBearerDefaults.AuthenticationScheme);
        services.AddSingleton<IssuerKeys>();
        if (settings.Tokens is { } tokens) authentication.AddJwtBearer(options => TokenAuthentication.Configure(options, tokens));
        AccessPolicies.Add(services.AddAuthorizationBuilder());
        services.AddRateLimiter(options => RateLimits.Configure(options, settings.Rates));
        builder.WebHost.ConfigureKestrel(kestrel => settings.Limits.Apply(kestrel.Limits));
    }

    /// <summary>Lets in who may come in. It stands behind the routing, which knows what is asked for.</summary>
    public static void UseServerAccess(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<ServerSettings>().Limits;
        app.UseAuthentication();
        app.UseRateLimiter();

        // Before anything is done at an address, it must be the one that was asked for.
        app.Use(next => context => RequestAddress.IsPlain(context)
            ? next(context)
            : new Problem(RequestBody.Invalid("path", "UTF-8 where it is escaped, and no . or .. parts").Refusal).ExecuteAsync(context));

        // Where there is nothing, or nothing for this method, there is nothing to keep anybody out of.
        app.Use(next => context => context.GetEndpoint() switch
        {
            RouteEndpoint => next(context),
            null => new Problem(new Refusal("not_found", "There is nothing here.")).ExecuteAsync(context),
            { RequestDelegate: { } answer } => answer(context),
            _ => next(context),
        });
        app.UseAuthorization();
        app.Use(next => context => limits.Apply(context) is { } problem ? problem.ExecuteAsync(context) : next(context));
        app.Use(next => context => ContentCoding.Check(context) is { } refusal
            ? new Problem(refusal).ExecuteAsync(context)
            : next(context));
    }

    private static bool ShowsKey(HttpRequest request) =>
        ApiKeyAuthentication.KeyIn(request.Headers.Authorization.ToString()) is not null;
}
