using System.Text.Json.Nodes;
using LocalCluster.Applying;
using LocalCluster.Errors;
using LocalCluster.Registry;
using LocalCluster.Resources;
using LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.Api;

/// <summary>Creates and replaces objects.</summary>
/// <param name="creator">Creates them.</param>
/// <param name="updater">Changes them.</param>
/// <param name="fields">Keeps who owns which field.</param>
/// <param name="renderings">Shapes of objects.</param>
internal sealed class WriteHandler(ObjectCreator creator, ObjectUpdater updater, FieldManager fields, RenderingSource renderings)
{
    /// <summary>Answers a POST to a collection.</summary>
    public async Task CreateAsync(ResourceRequest request, Representation representation)
    {
        var options = WriteOptions.ForCreate(request);
        var (body, duplicates) = await RequestBody.ReadObjectAsync(request.Http.Request, request.Aborted);
        var obj = ObjectDecoder.Decode(request, options, body, duplicates);
        SystemMetadata.Wipe(obj);
        fields.Update(request.Resource, null, obj, new FieldWrite(options.FieldManager, ""));
        var stored = await creator.CreateAsync(request.Resource, obj, request.Registry(options.DryRun));
        await AnswerAsync(request, representation, StatusCodes.Status201Created, stored);
    }

    /// <summary>Answers a PUT to an object or to its status.</summary>
    public async Task ReplaceAsync(ResourceRequest request, Representation representation)
    {
        var options = WriteOptions.ForUpdate(request);
        var (body, duplicates) = await RequestBody.ReadObjectAsync(request.Http.Request, request.Aborted);
        var obj = ObjectDecoder.Decode(request, options, body, duplicates);
        if (obj.Name != request.Path.Name)
        {
            throw StatusErrors.BadRequest(
                obj.Name.Length == 0
                    ? "name must be provided"
                    : $"the name of the object ({obj.Name}) does not match the name on the URL ({request.Path.Name})");
        }

        var change = new ObjectChange(
            request.Resource,
            request.Key,
            request.Path.Subresource,
            live =>
            {
                var replacement = obj.Clone();
                fields.Update(request.Resource, live, replacement, new FieldWrite(options.FieldManager, request.Path.Subresource));
                return replacement;
            },
            MayCreate: request.Path.Subresource.Length == 0 && creator.MayCreateOnUpdate(request.Resource));
        var (stored, created) = await updater.UpdateAsync(change, request.Registry(options.DryRun));
        await AnswerAsync(request, representation, created ? StatusCodes.Status201Created : StatusCodes.Status200OK, stored);
    }

    private Task AnswerAsync(ResourceRequest request, Representation representation, int code, StoredObject stored) =>
        ResponseBody.WriteAsync(request.Http, representation, code, renderings.For(request, representation).One(stored));
}
