using System.Text.Json.Nodes;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Traffic;
using ControlPlane.Api.Traffic.Editing;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Traffic.Form;

/// <summary>
/// Fills in a traffic policy of any kind, new or stored. It is previewed first; what is applied then is what was previewed, over the policy that the
/// form began with, or nothing.
/// </summary>
public sealed partial class PolicyFormPage
{
    private (string? Kind, string? Namespace, string? Name) _shown;
    private ResourceType? _type;
    private PolicyForm? _form;
    private PolicyDraft? _draft;
    private string? _keptBy;
    private PolicyPreview? _preview;
    private IReadOnlyList<string> _namespaces = [];
    private bool _saved;

    /// <summary>Kind of a stored policy, by its plural.</summary>
    [Parameter]
    public string? Kind { get; set; }

    /// <summary>Namespace of a stored policy.</summary>
    [Parameter]
    public string? Namespace { get; set; }

    /// <summary>Name of a stored policy.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>Kind of a new policy.</summary>
    [SupplyParameterFromQuery(Name = "kind")]
    private string? NewKind { get; set; }

    /// <summary>Namespace of a new policy.</summary>
    [SupplyParameterFromQuery(Name = "namespace")]
    private string? NewNamespace { get; set; }

    /// <summary>Service that a new policy is for.</summary>
    [SupplyParameterFromQuery(Name = "service")]
    private string? NewService { get; set; }

    [Inject]
    private PolicySchemas Schemas { get; set; } = null!;

    [Inject]
    private PolicyEditor Editor { get; set; } = null!;

    [Inject]
    private FleetQuery Fleet { get; set; } = null!;

    private bool IsNew => Name is null;

    private string Heading => IsNew ? $"New {_type?.Kind ?? "policy"}" : $"{_type?.Kind ?? "Policy"} {Namespace}/{Name}";

    /// <summary>The draft with what the form has by now.</summary>
    private PolicyDraft Draft => _draft! with { Spec = _form!.Spec.DeepClone().AsObject() };

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var asked = (IsNew ? NewKind : Kind, IsNew ? NewNamespace : Namespace, IsNew ? NewService : Name);
        if (_shown != asked)
        {
            _shown = asked;
            await LoadAsync();
        }
    }

    private Task LoadAsync()
    {
        (_form, _draft, _keptBy, _preview, _saved) = (null, null, null, null, false);
        _type = PolicyKinds.Find(IsNew ? NewKind ?? PolicyKinds.All[0].Kind : Kind);
        return AskAsync(ReadAsync, Begin);
    }

    private async Task<(SchemaField Schema, StoredPolicy Policy)> ReadAsync(CancellationToken cancellationToken)
    {
        var type = _type ?? throw RequestException.BadParameter("kind", $"'{(IsNew ? NewKind : Kind)}' is none of {string.Join(", ", PolicyKinds.All.Select(static kind => kind.Kind))}");
        var schema = await Schemas.SpecOfAsync(type, cancellationToken);
        var policy = IsNew ? New(type, schema) : await Editor.FindAsync(type, new(Namespace!, Name!), cancellationToken);
        return (schema, policy ?? throw new RequestException(System.Net.HttpStatusCode.NotFound, "name", $"There is no {type.Kind} {Namespace}/{Name}"));
    }

    /// <summary>A new policy begins with whom it is for, and with its first list: a limit, say.</summary>
    private StoredPolicy New(ResourceType type, SchemaField schema)
    {
        var spec = new JsonObject { ["targetRefs"] = new JsonArray(new JsonObject { ["kind"] = ManagedService.ResourceType.Kind, ["name"] = NewService ?? "" }) };
        if (schema.Fields.FirstOrDefault(static field => field.Name == "limits") is { } limits)
        {
            spec[limits.Name] = limits.Blank();
        }

        return new(new(type.Kind, NewNamespace ?? "", NewService ?? "", Version: null, spec), KeptBy: null);
    }

    private void Begin((SchemaField Schema, StoredPolicy Policy) read)
    {
        (_draft, _keptBy) = (read.Policy.Draft, read.Policy.KeptBy);
        _namespaces = [.. Fleet.Count().ByNamespace.Keys.Order(StringComparer.Ordinal)];
        _form = new PolicyForm(read.Schema, read.Policy.Draft.Spec, Edited);
    }

    /// <summary>What was previewed is no longer what the form says.</summary>
    private void Edited()
    {
        Forget();
        _preview = null;
        StateHasChanged();
    }

    private void Rename(PolicyDraft draft)
    {
        _draft = draft;
        _form!.Touch();
    }

    private Task PreviewAsync()
    {
        _preview = null;
        var draft = Draft;
        return AskAsync(cancel => Editor.PreviewAsync(draft, cancel), preview =>
        {
            _preview = preview;
            _form!.Show(preview.Policy.Problems);
        });
    }

    private Task SaveAsync(string? reason)
    {
        var draft = Draft;
        var digest = _preview?.Digest;
        return AskAsync(cancel => Editor.SaveAsync(draft, digest, reason, cancel), stored => (_saved, _draft) = (true, stored.Draft));
    }

    private static string Typed(ChangeEventArgs change) => ((string?)change.Value ?? "").Trim();
}
