using System.Buffers;
using System.Text.Json.Nodes;
using LocalCluster.Errors;
using LocalCluster.Registry;
using LocalCluster.Resources;
using LocalCluster.Schemas;
using LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.Api;

/// <summary>Deletes objects, one or all of a collection.</summary>
/// <param name="deleter">Deletes them.</param>
/// <param name="lists">Finds the objects of a collection.</param>
/// <param name="strategies">Rules of kinds.</param>
/// <param name="renderings">Shapes of objects.</param>
/// <param name="answers">Writes the answers.</param>
internal sealed class DeleteHandler(ObjectDeleter deleter, ListHandler lists, StrategyCatalog strategies, RenderingSource renderings, ObjectAnswer answers)
{
    /// <summary>Answers a DELETE of an object.</summary>
    public async Task DeleteAsync(ResourceRequest request, Representation representation)
    {
        var (options, dryRun) = await ReadOptionsAsync(request);
        var deletion = await deleter.DeleteAsync(request.Resource, request.Key, options, request.Registry(dryRun));
        if (deletion.Gone && !strategies.For(request.Resource).ReturnsDeletedObject)
        {
            await ResponseBody.WriteAsync(request.Http, StatusCodes.Status200OK, Success(request.Resource, deletion.Object));
            return;
        }

        await answers.WriteAsync(request, representation, StatusCodes.Status200OK, deletion.Object);
    }

    /// <summary>Answers a DELETE of a collection.</summary>
    public async Task DeleteCollectionAsync(ResourceRequest request, Representation representation)
    {
        var (options, dryRun) = await ReadOptionsAsync(request);
        var page = lists.Page(request, ListOptions.Read(request, watch: false));
        var deleted = new List<StoredObject>();
        foreach (var obj in page.Items)
        {
            try
            {
                deleted.Add((await deleter.DeleteAsync(request.Resource, obj.Key, options, request.Registry(dryRun))).Object);
            }
            catch (StatusException e) when (e.Code == StatusCodes.Status404NotFound)
            {
                // Somebody else was faster, which is what was asked for.
            }
        }

        var rendering = renderings.For(request, representation);
        await ResponseBody.WriteAsync(request.Http, representation, output => rendering.List(output, page with { Items = deleted }));
    }

    private static JsonObject Success(ApiResource resource, StoredObject obj)
    {
        var details = new JsonObject { ["name"] = obj.Key.Name };
        if (resource.Type.Group.Length > 0)
        {
            details["group"] = resource.Type.Group;
        }

        details["kind"] = resource.Type.Plural;
        details["uid"] = obj.Uid;
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }

    // A body replaces the query as a whole.
    private static async Task<(DeletionOptions Options, bool DryRun)> ReadOptionsAsync(ResourceRequest request)
    {
        var errors = new List<FieldError>();
        DeletionOptions options;
        bool dryRun;
        if (request.Http.Request.ContentLength is > 0 || request.Http.Request.Headers.TransferEncoding.Count > 0)
        {
            var (body, _) = await RequestBody.ReadObjectAsync(request.Http.Request, request.Aborted);
            options = ReadBody(body, errors);
            dryRun = WriteOptions.ReadDryRun((body["dryRun"] as JsonArray ?? []).Select(v => (string?)v), errors);
        }
        else
        {
            options = new DeletionOptions
            {
                GracePeriodSeconds = request.Number("gracePeriodSeconds"),
                Propagation = ReadPropagation(request.Query("propagationPolicy"), request.OptionalFlag("orphanDependents"), errors),
            };
            dryRun = WriteOptions.ReadDryRun(request.Http.Request.Query["dryRun"], errors);
        }

        return errors.Count == 0 ? (options, dryRun) : throw StatusErrors.Invalid("meta.k8s.io", "DeleteOptions", "", errors);
    }

    private static DeletionOptions ReadBody(JsonObject body, List<FieldError> errors)
    {
        try
        {
            return new DeletionOptions
            {
                GracePeriodSeconds = (long?)body["gracePeriodSeconds"],
                Propagation = ReadPropagation((string?)body["propagationPolicy"] ?? "", (bool?)body["orphanDependents"], errors),
                Uid = (string?)body["preconditions"]?["uid"],
                ResourceVersion = (string?)body["preconditions"]?["resourceVersion"],
            };
        }
        catch (InvalidOperationException e)
        {
            throw StatusErrors.BadRequest($"DeleteOptions can't be read: {e.Message}");
        }
    }

    private static Propagation? ReadPropagation(string policy, bool? orphan, List<FieldError> errors)
    {
        if (orphan is not null && policy.Length > 0)
        {
            errors.Add(FieldError.Invalid("propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set"));
        }

        if (policy is not ("" or "Foreground" or "Background" or "Orphan"))
        {
            errors.Add(FieldError.NotSupported("propagationPolicy", policy, ["Foreground", "Background", "Orphan", "nil"]));
            return null;
        }

        return policy.Length > 0 ? Enum.Parse<Propagation>(policy)
            : orphan is null ? null
            : orphan.Value ? Propagation.Orphan
            : Propagation.Background;
    }
}
