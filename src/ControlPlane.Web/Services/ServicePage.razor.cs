using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Services;

/// <summary>All about one service, in parts that each have an address.</summary>
public sealed partial class ServicePage
{
    private ServiceDetails? _details;
    private DateTimeOffset? _deletedAt;
    private ObjectKey _shown;
    private int _revision;

    /// <summary>Namespace of the service.</summary>
    [Parameter]
    public string Namespace { get; set; } = "";

    /// <summary>Name of the service.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    /// <summary>Part that is shown.</summary>
    [SupplyParameterFromQuery(Name = "tab")]
    private string? Tab { get; set; }

    /// <summary>How far the dependency graph goes.</summary>
    [SupplyParameterFromQuery(Name = "steps")]
    private int? Steps { get; set; }

    /// <summary>Object that is shown, as <c>Kind/name</c>.</summary>
    [SupplyParameterFromQuery(Name = "object")]
    private string? ObjectName { get; set; }

    /// <summary>What of the object is shown.</summary>
    [SupplyParameterFromQuery(Name = "view")]
    private string? View { get; set; }

    [Inject]
    private FleetQuery Fleet { get; set; } = null!;

    [Inject]
    private ServiceQuery Services { get; set; } = null!;

    [Inject]
    private InstanceQuery Instances { get; set; } = null!;

    [Inject]
    private ServiceFeed Feed { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private ObjectKey Key => new(Namespace, Name);

    private string Here => Tabs.FirstOrDefault(tab => tab.Word == Tab)?.Word ?? ServiceUrl.FirstTab;

    private IReadOnlyList<Tab> Tabs =>
    [
        To("overview", "Overview"),
        To("instances", "Instances", Instances.List(Key).Count),
        To("dependencies", "Dependencies", _details?.Dependencies.Count + _details?.Callers.Count),
        To("objects", "Objects", _details?.Status?.Objects.Count),
        To("policy", "Policy"),
        To("callers", "Callers"),
        To("events", "Events"),
        To("activity", "Activity"),
        To("manifest", "Manifest"),
    ];

    /// <inheritdoc/>
    protected override void OnInitialized() => Follow(Feed.Changes, changed =>
    {
        if (changed.Count == 0 || changed.Contains(Key))
        {
            Read();
            StateHasChanged();
        }

        return Task.CompletedTask;
    });

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_shown != Key)
        {
            (_shown, _details, _deletedAt) = (Key, null, null);
            Read();
        }
    }

    private Tab To(string word, string title, int? count = null) => new(word, title, ServiceUrl.Of(Key, word), count);

    /// <summary>A service that is deleted while somebody looks at it stays as it was last known.</summary>
    private void Read()
    {
        _revision++;
        var found = Services.Find(Key);
        _deletedAt = found is null && _details is not null ? _deletedAt ?? Clock.GetUtcNow() : null;
        _details = found ?? _details;
    }
}
