using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Audit;

/// <summary>The audit log: a search that the address holds, and beside it the entry that is open.</summary>
public sealed partial class AuditPage : IDisposable
{
    private AuditUrl _url = new(new AuditSearchRequest(), Entry: null);
    private AuditSearchQuery _query = new(new AuditQuery(), Heartbeats: false);
    private ProblemDescription? _problem;

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private bool May => Authorizer.MaySomewhere(Permissions.ReadAudit);

    /// <inheritdoc/>
    public void Dispose() => Navigation.LocationChanged -= Moved;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        ReadAddress();
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == AuditUrl.Path)
        {
            ReadAddress();
            StateHasChanged();
        }
    }

    private void ReadAddress()
    {
        _url = AuditUrl.Read(Navigation.Uri);
        try
        {
            // A search that asks for the same is the same: opening an entry must not read the list anew.
            var query = _url.Request.ToSearch(heartbeats: false);
            _query = Same(query, _query) ? _query : query;
            _problem = null;
        }
        catch (RequestException e)
        {
            _problem = ProblemDescription.Of(e);
        }
    }

    private static bool Same(AuditSearchQuery a, AuditSearchQuery b) =>
        (a.Query.Namespaces ?? []).SequenceEqual(b.Query.Namespaces ?? [], StringComparer.Ordinal)
        && a with { Query = a.Query with { Namespaces = b.Query.Namespaces } } == b;
}
