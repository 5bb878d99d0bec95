using LocalCluster.Applying;
using LocalCluster.Errors;
using LocalCluster.Registry;
using LocalCluster.Resources;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.Api;

/// <summary>Creates and replaces objects.</summary>
/// <param name="creator">Creates them.</param>
/// <param name="updater">Changes them.</param>
/// <param name="fields">Keeps who owns which field.</param>
/// <param name="answers">Writes the answers.</param>
internal sealed class WriteHandler(ObjectCreator creator, ObjectUpdater updater, FieldManager fields, ObjectAnswer answers)
{
    /// <summary>Answers a POST to a collection.</summary>
    public async Task CreateAsync(ResourceRequest request, Representation representation)
    {
        var options = WriteOptions.ForCreate(request);
        var (body, duplicates) = await RequestBody.ReadObjectAsync(request.Http.Request, request.Aborted);
        var obj = ObjectDecoder.Decode(request, request.Resource, options, body, duplicates);
        SystemMetadata.Wipe(obj);
        fields.Update(request.Resource, null, obj, new FieldWrite(options.FieldManager, ""));
        if (request.Resource.Unattended is { } unattended)
        {
            request.Warn(unattended);
        }

        var stored = await creator.CreateAsync(request.Resource, obj, request.Registry(options.DryRun));
        await answers.WriteAsync(request, representation, StatusCodes.Status201Created, stored);
    }

    /// <summary>Answers a PUT to an object or to a part of it.</summary>
    public async Task ReplaceAsync(ResourceRequest request, Representation representation)
    {
        var options = WriteOptions.ForUpdate(request);
        var view = request.View;
        var (body, duplicates) = await RequestBody.ReadObjectAsync(request.Http.Request, request.Aborted);
        var replacement = ObjectDecoder.Decode(request, view.Shape, options, body, duplicates);
        if (replacement.Name != request.Path.Name)
        {
            throw StatusErrors.BadRequest(
                replacement.Name.Length == 0
                    ? "name must be provided"
                    : $"the name of the object ({replacement.Name}) does not match the name on the URL ({request.Path.Name})");
        }

        var subresource = request.Path.Subresource;
        var change = new ObjectChange(
            request.Resource,
            request.Key,
            subresource,
            live =>
            {
                var obj = view.Write(replacement.Clone(), live?.Clone());
                fields.Update(request.Resource, live, obj, new FieldWrite(options.FieldManager, subresource));
                return obj;
            },
            MayCreate: subresource.Length == 0 && creator.MayCreateOnUpdate(request.Resource));
        var (stored, created) = await updater.UpdateAsync(change, request.Registry(options.DryRun));
        await answers.WriteAsync(request, representation, created ? StatusCodes.Status201Created : StatusCodes.Status200OK, stored);
    }
}
