using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Hosting;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Description;

/// <summary>The API's description (OpenAPI 3.1), made from the endpoints, and pages to browse it.</summary>
internal static class ServerDescription
{
    /// <summary>Where the description is.</summary>
    public const string Path = "/openapi/v1.json";

    /// <summary>Where it is browsed.</summary>
    public const string PagesPath = "/scalar";

    /// <summary>Adds what makes it.</summary>
    public static void AddDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = described => described.ActionDescriptor is WolverineActionDescriptor;
        options.AddSchemaTransformer<SchemaDescription>();
        options.AddOperationTransformer<OperationDescription>();
        options.AddDocumentTransformer<DocumentDescription>();
    });

    /// <summary>Serves it. The pages load nothing from elsewhere.</summary>
    public static void MapDescription(this WebApplication app)
    {
        var isPublic = app.Services.GetRequiredService<ServerSettings>().DescriptionIsPublic;
        Admit(app.MapOpenApi("/openapi/{documentName}.json"), isPublic);
        Admit(
            app.MapScalarApiReference(PagesPath, options => options
                .WithTitle("JanusQ Ledger")
                .WithOpenApiRoutePattern("/openapi/{documentName}.json")
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()),
            isPublic);
    }

    private static void Admit(IEndpointConventionBuilder endpoint, bool isPublic)
    {
        if (isPublic) endpoint.AllowAnonymous();
        else endpoint.RequireAuthorization(AccessPolicies.Read);
    }
}
