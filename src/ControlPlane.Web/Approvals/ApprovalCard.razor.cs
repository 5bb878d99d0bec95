using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Approvals;

/// <summary>One request: what, who, why and what it would change; and the buttons for who may decide on it.</summary>
public sealed partial class ApprovalCard
{
    /// <summary>The request.</summary>
    [Parameter, EditorRequired]
    public ApprovalDetails Request { get; set; } = null!;

    /// <summary>True when the change is shown in full.</summary>
    [Parameter]
    public bool IsOpen { get; set; }

    /// <summary>Told when it is to be opened, or closed.</summary>
    [Parameter]
    public EventCallback<bool> Opened { get; set; }

    [Inject]
    private ApprovalDecisions Decisions { get; set; } = null!;

    private string Title => $"{Does}: {Request.Subjects[0].Kind} {Request.Subjects[0].Name}{(Request.Subjects.Count > 1 ? $" and {IndianNumber.Count(Request.Subjects.Count - 1)} more" : "")}";

    private string Does => Permissions.All.FirstOrDefault(permission => permission.Name == Request.Action) is { } permission ? Sentence.Of(permission.Does).TrimEnd('.') : Request.Action;

    private Task ApproveAsync(string? words) => DecideAsync(cancel => Decisions.ApproveAsync(Request.Id, words, Request.Version, cancel));

    private Task DeclineAsync(string? words) => DecideAsync(cancel => Decisions.DeclineAsync(Request.Id, words, Request.Version, cancel));

    private Task WithdrawAsync() => DecideAsync(cancel => Decisions.WithdrawAsync(Request.Id, cancel));

    /// <summary>The page hears by itself of what became of it.</summary>
    private Task DecideAsync(Func<CancellationToken, Task<ApprovalRequest>> decide) => AskAsync(decide, static _ => { });
}
