using ControlPlane.Kubernetes.Resources;
using LocalCluster.Errors;
using LocalCluster.Storage;

namespace LocalCluster.Api;

/// <summary>Lists objects, in pages that all show the same revision.</summary>
/// <param name="store">Where objects are.</param>
/// <param name="renderings">Shapes of objects.</param>
internal sealed class ListHandler(ObjectStore store, RenderingSource renderings)
{
    private const string ContinueExpired =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
        + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided "
        + "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was "
        + "returned and now may show up in the list.";

    /// <summary>Answers a list.</summary>
    public async Task HandleAsync(ResourceRequest request, Representation representation)
    {
        var options = ListOptions.Read(request, watch: false);
        var rendering = renderings.For(request, representation);
        await ResponseBody.WriteAsync(request.Http, representation, output => rendering.List(output, Page(request, options)));
    }

    /// <summary>The page that options ask for.</summary>
    public ListPage Page(ResourceRequest request, ListOptions options)
    {
        var (table, revision, after) = Source(request.Resource.StorageName, options);
        var selector = options.Selector;

        // A selector for one name needs no walk.
        var range = selector.Fields.RequiredName is { } name && selector.Namespace.Length > 0
            ? table.Range(new ObjectKey(selector.Namespace, name))
            : table.Range(selector.Namespace, after);
        var selectsAll = selector.SelectsAll;
        var items = new List<StoredObject>(selectsAll ? range.Count : 0);
        var more = false;
        foreach (var obj in range)
        {
            if (!selectsAll && !selector.Matches(obj))
            {
                continue;
            }

            if (options.Limit > 0 && items.Count == options.Limit)
            {
                more = true;
                break;
            }

            items.Add(obj);
        }

        return more
            ? new ListPage(items, revision, new ContinueToken(revision, items[^1].Key).ToString(), selectsAll ? range.Count - items.Count : null)
            : new ListPage(items, revision, "", null);
    }

    private (TableSnapshot Table, long Revision, ObjectKey? After) Source(string resource, ListOptions options)
    {
        if (options.Continue.Length > 0)
        {
            var token = ContinueToken.Parse(options.Continue);
            if (options.ResourceVersion > 0)
            {
                throw StatusErrors.BadRequest("specifying resource version is not allowed when using continue");
            }

            return token.Revision is { } revision
                ? (TableAt(resource, revision, token), revision, token.Last)
                : (store.Current.Table(resource), store.Current.Revision, token.Last);
        }

        var current = store.Current;
        if (options.ResourceVersion > current.Revision)
        {
            throw StatusErrors.FutureRevision(options.ResourceVersion.Value, current.Revision);
        }

        // A limit makes the revision exact, because the pages to come must be able to show it too.
        var exact = options.ResourceVersionMatch == "Exact"
            || (options is { ResourceVersionMatch: "", Limit: > 0, ResourceVersion: > 0 });
        return exact
            ? (TableAt(resource, options.ResourceVersion!.Value, null), options.ResourceVersion.Value, null)
            : (current.Table(resource), current.Revision, null);
    }

    private TableSnapshot TableAt(string resource, long revision, ContinueToken? token)
    {
        try
        {
            return store.TableAt(resource, revision);
        }
        catch (RevisionExpiredException e)
        {
            throw token is null
                ? StatusErrors.Expired($"The resourceVersion for the provided list is too old. {e.Message}")
                : StatusErrors.Expired(ContinueExpired, new ContinueToken(null, token.Last).ToString());
        }
    }
}
