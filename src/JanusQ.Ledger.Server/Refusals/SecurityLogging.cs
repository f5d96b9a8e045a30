using System.Diagnostics;
using JanusQ.Ledger.Hosting;

namespace JanusQ.Ledger.Server.Refusals;

/// <summary>Puts the security log into the server.</summary>
internal static class SecurityLogging
{
    /// <summary>Adds what writes it.</summary>
    public static void AddSecurityLog(this IServiceCollection services, LedgerHost ledger)
    {
        services.AddSingleton(ledger.SecurityLog);
        services.AddSingleton<SecurityLogWriter>();
        services.AddSingleton<RefusedRequests>();
        services.AddHostedService(provider => provider.GetRequiredService<SecurityLogWriter>());
    }

    /// <summary>Looks at all requests from here on: it stands before everything that may refuse.</summary>
    public static void UseSecurityLog(this WebApplication app)
    {
        var refused = app.Services.GetRequiredService<RefusedRequests>();
        var reports = app.Services.GetRequiredService<DiagnosticListener>()
            .Subscribe(refused, static name => name == RefusedRequests.BadRequestEvent);
        app.Lifetime.ApplicationStopped.Register(reports.Dispose);
        app.Use(next => context => refused.InvokeAsync(context, next));
    }
}
