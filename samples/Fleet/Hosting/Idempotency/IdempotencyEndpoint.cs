using Microsoft.OpenApi;

namespace Fleet.Hosting.Idempotency;

/// <summary>Puts <see cref="IdempotencyKeys"/> before an endpoint and into its description.</summary>
internal static class IdempotencyEndpoint
{
    public static RouteHandlerBuilder RequireIdempotencyKey(this RouteHandlerBuilder endpoint, IEndpointRouteBuilder routes) => endpoint
        .AddEndpointFilter(ActivatorUtilities.CreateInstance<IdempotencyKeys>(routes.ServiceProvider))
        .AddOpenApiOperationTransformer(static (operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyKeys.Header,
                In = ParameterLocation.Header,
                Required = true,
                Description = "New for every new request and the same for a retry, which then gets the first answer again.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKeys.MaxKeyLength },
            });
            return Task.CompletedTask;
        });
}
