using Microsoft.AspNetCore.OpenApi;

namespace Fleet.Hosting;

/// <summary>The OpenAPI description of a service, made from its endpoints and their types.</summary>
internal static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services, FleetService service, FleetInstance instance) =>
        services.AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = service.Name;
            document.Info.Version = instance.Version;
            // The address of one instance is no part of the contract.
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));
}
