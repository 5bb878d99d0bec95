using LocalCluster.Admission;
using LocalCluster.Errors;
using LocalCluster.Resources;
using LocalCluster.Schemas;
using LocalCluster.Storage;

namespace LocalCluster.Registry;

/// <summary>What every change of an object needs.</summary>
/// <param name="Store">Where objects are.</param>
/// <param name="Strategies">Rules by kind.</param>
/// <param name="Admission">Rules across kinds, in order.</param>
/// <param name="Clock">Time.</param>
internal sealed record RegistryServices(
    ObjectStore Store, StrategyCatalog Strategies, IReadOnlyList<IAdmissionPlugin> Admission, TimeProvider Clock)
{
    /// <summary>What rules may look at now.</summary>
    public RegistryContext Context(RegistryRequest request) => new(Store.Current, Clock.GetUtcNow(), request);

    /// <summary>Waits until nobody else changes objects of a kind whose objects depend on each other.</summary>
    /// <returns>To be disposed when the change is stored; null for kinds whose objects do not.</returns>
    public async ValueTask<IDisposable?> TakeTurnAsync(ApiResource resource)
    {
        if (Strategies.For(resource).Turn is not { } turn)
        {
            return null;
        }

        await turn.WaitAsync();
        return new Release(turn);
    }

    /// <summary>Lets the cluster's rules complete an object.</summary>
    public void Mutate(AdmissionRequest request)
    {
        do
        {
            foreach (var plugin in Admission)
            {
                plugin.Mutate(request);
            }
        }
        while (request.Reinvocation.TryBegin());
    }

    /// <summary>Holds an object against its schema, its kind's rules and the cluster's rules.</summary>
    /// <exception cref="StatusException">422 for what is wrong with the object, or what a rule answers.</exception>
    public void Validate(AdmissionRequest request, ObjectStrategy strategy)
    {
        var (obj, old) = (request.Object, request.Old);
        var schema = request.Resource.StoredSchema.Value;
        var result = request.Subresource == "status" && old is not null
            ? ObjectValidation.ValidateStatus(obj.Json, old.Json, schema)
            : ObjectValidation.Validate(obj.Json, old?.Json, schema);
        List<FieldError> errors =
        [
            .. MetadataValidation.Validate(obj, old, request.Resource, strategy.NameRule),
            .. result.Errors,
            .. ScaleValidation.Validate(obj, request.Resource),
            .. strategy.Validate(obj, old, request.Context),
        ];
        if (errors.Count > 0)
        {
            // The schema and the rules of the kind may find the same fault.
            throw StatusErrors.Invalid(request.Resource.Type, obj.Name.Length > 0 ? obj.Name : obj.GenerateName, [.. errors.Distinct()]);
        }

        foreach (var warning in result.Warnings)
        {
            request.Context.Request.Warn(warning);
        }

        foreach (var plugin in Admission)
        {
            plugin.Validate(request);
        }
    }

    /// <summary>Takes what an object uses up.</summary>
    /// <exception cref="StatusException">There is not enough left.</exception>
    public async Task ClaimAsync(AdmissionRequest request)
    {
        foreach (var plugin in Admission)
        {
            await plugin.ClaimAsync(request);
        }
    }

    private sealed class Release(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
