using LocalCluster.Actions;
using LocalCluster.Errors;
using LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.Api;

/// <summary>Answers requests for objects: tells their verb and passes them to its handler.</summary>
internal sealed class ObjectEndpoint(
    ActionCatalog actions, ObjectStore store, ObjectAnswer answers, ListHandler lists, WatchHandler watches, WriteHandler writes, PatchHandler patches, DeleteHandler deletes)
{
    /// <summary>Answers a request.</summary>
    /// <exception cref="StatusException">405 for a verb that the resource does not have; or what the handler answers.</exception>
    public async Task HandleAsync(ResourceRequest request)
    {
        var verb = Verb(request);
        CheckPath(request, verb);
        var verbs = request.Path.Subresource.Length == 0
            ? request.Resource.Verbs
            : (request.Resource.Subresource(request.Path.Subresource) ?? throw StatusErrors.NoSuchPath()).Verbs;
        if (!verbs.Contains(verb))
        {
            throw StatusErrors.MethodNotAllowed(request.Resource.Type, verb);
        }

        var representation = Representation.Negotiate(request.Http.Request.Headers.Accept);
        if (actions.Find(request) is { } action)
        {
            // What actions answer are no objects that could be shown in another shape.
            if (representation.Shape != ObjectShape.Whole && verb == "create")
            {
                throw StatusErrors.NotAcceptable(Representation.PlainTypes);
            }

            await action.HandleAsync(request);
            return;
        }

        if (request.Resource.DeprecationWarning is { } warning)
        {
            request.Warn(warning);
        }

        await (verb switch
        {
            "get" => GetAsync(request, representation),
            "list" => lists.HandleAsync(request, representation),
            "watch" => watches.HandleAsync(request, representation),
            "create" => writes.CreateAsync(request, representation),
            "update" => writes.ReplaceAsync(request, representation),
            "patch" => patches.HandleAsync(request, representation),
            "delete" => deletes.DeleteAsync(request, representation),
            _ => deletes.DeleteCollectionAsync(request, representation),
        });
    }

    /// <summary>Objects are where their kind says; what is written is one object, or the collection of one namespace.</summary>
    private static void CheckPath(ResourceRequest request, string verb)
    {
        var (path, namespaced) = (request.Path, request.Resource.Type.Namespaced);
        if (path.Namespace.Length > 0 ? !namespaced : namespaced && path.Name.Length > 0)
        {
            throw StatusErrors.NoSuchPath();
        }

        var everywhere = namespaced && path.Namespace.Length == 0;
        var allowed = verb switch
        {
            "create" => !everywhere && (path.Name.Length == 0 || path.Subresource.Length > 0),
            "update" or "patch" => path.Name.Length > 0,
            "deletecollection" => !everywhere,
            _ => true,
        };
        if (!allowed)
        {
            throw StatusErrors.MethodNotAllowed();
        }
    }

    private static string Verb(ResourceRequest request)
    {
        var collection = request.Path.Name.Length == 0;
        return request.Http.Request.Method switch
        {
            "GET" or "HEAD" => request.Path.Subresource.Length == 0 && request.Flag("watch") ? "watch" : collection ? "list" : "get",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => collection ? "deletecollection" : "delete",
            var other => other.ToLowerInvariant(),
        };
    }

    private async Task GetAsync(ResourceRequest request, Representation representation)
    {
        var obj = store.Current.Find(request.Resource.StorageName, request.Key)
            ?? throw StatusErrors.NotFound(request.Resource.Type, request.Path.Name);
        await answers.WriteAsync(request, representation, StatusCodes.Status200OK, obj);
    }
}
