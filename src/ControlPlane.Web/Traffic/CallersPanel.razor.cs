using ControlPlane.Api.Traffic;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Services;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Traffic;

/// <summary>Who may call a service, whom it may call, and what in the cluster holds that.</summary>
public sealed partial class CallersPanel
{
    private CallerList? _list;

    /// <summary>The service.</summary>
    [Parameter, EditorRequired]
    public ObjectKey Service { get; set; }

    /// <summary>Another number when there is something new.</summary>
    [Parameter]
    public int Revision { get; set; }

    [Inject]
    private CallerQuery Callers { get; set; } = null!;

    private CallerGuards Guards => _list!.Guards;

    /// <inheritdoc/>
    protected override void OnParametersSet() => _list = Callers.Find(Service);

    private static bool May(PermittedCaller caller) => caller is { Admitted: true, LetOut: true };

    private static string Words(IReadOnlyList<CallRule> rules) => rules.Count == 0 ? "all" : string.Join("; ", rules.Select(static rule =>
        $"{(rule.Methods.Count == 0 ? "all methods" : string.Join(", ", rule.Methods))} {(rule.Paths.Count == 0 ? "of all paths" : string.Join(", ", rule.Paths))}"));

    private static string Why(PermittedCaller caller) => caller switch
    {
        { Admitted: false } => "It depends on the service, and the policy does not let it in.",
        { LetOut: false } => "The policy lets it in. It does not declare the service in dependsOn, so that its own NetworkPolicy keeps it from calling.",
        { Depends: true, Rules.Count: 0 } => "It depends on the service.",
        { Depends: true } => "It depends on the service; the policy lets it in for this alone.",
        { Declared: true } => "The policy names it.",
        { Name: "*" } => "The policy names every service of the namespace.",
        _ => "The policy names it; there is no such service yet.",
    };

    private static RenderFragment NameOf(string ns, string name, bool declared) => builder =>
    {
        var key = new ObjectKey(ns, name);
        builder.OpenElement(0, declared ? "a" : "span");
        builder.AddAttribute(1, "class", "mono nowrap");
        if (declared)
        {
            builder.AddAttribute(2, "href", ServiceUrl.Of(key, "callers"));
        }

        builder.AddContent(3, key.ToString());
        builder.CloseElement();
    };
}
