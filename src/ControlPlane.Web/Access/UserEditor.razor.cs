using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Users;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Access;

/// <summary>Shows a person, and lets an admin change, invite and remove.</summary>
public sealed partial class UserEditor
{
    /// <summary>In the place of an id: somebody who is not there yet.</summary>
    public const string NewUser = "new";

    private UserView? _user;
    private UserDraft? _draft;
    private string _name = "";
    private string _display = "";
    private string _email = "";
    private string _roles = "";
    private bool _disabled;
    private string? _link;
    private string? _said;

    /// <summary>Roles that a person can have.</summary>
    public static IReadOnlyList<string> RolesOfPeople { get; } = [.. Enum.GetValues<Role>().Where(role => role != Role.AuditSource).Select(role => role.ToName())];

    /// <summary>Id of the person; <see cref="NewUser"/> to invite one.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    /// <summary>Told when it is to be closed.</summary>
    [Parameter]
    public EventCallback Closed { get; set; }

    [Inject]
    private UserDirectory Directory { get; set; } = null!;

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private bool IsNew => Id == NewUser;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        if (!IsNew)
        {
            return LoadAsync();
        }

        (_draft, _roles) = (new UserDraft(null, null, null, []), Role.Viewer.ToName());
        return Task.CompletedTask;
    }

    private Task LoadAsync() => AskAsync(cancel => Directory.GetAsync(Id, cancel), Show);

    private void Show(UserView user)
    {
        _user = user;
        _draft = new UserDraft(user.Name, user.DisplayName, user.Email, user.Roles, user.IsDisabled);
        (_name, _display, _email, _roles, _disabled) = (user.Name, user.DisplayName, user.Email ?? "", string.Join('\n', user.Roles), user.IsDisabled);
    }

    private UserDraft Draft() => new(
        _name, _display, _email, [.. _roles.Split(['\n', ',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)], _disabled);

    private Task SaveAsync()
    {
        _said = null;
        return IsNew
            ? AskAsync(cancel => Directory.InviteAsync(Draft(), reason: null, cancel), invited => (_link, _name) = (Whole(invited.Link), invited.User.DisplayName))
            : AskAsync(cancel => Directory.ChangeAsync(Id, Draft(), _user!.Version, reason: null, cancel), user =>
            {
                Show(user);
                _said = "Saved.";
            });
    }

    private Task LinkAsync() => AskAsync(cancel => Directory.LinkAsync(Id, reason: null, cancel), link => (_link, _name) = (Whole(link), _user!.DisplayName));

    private Task UnlockAsync() => AskAsync(
        async cancel =>
        {
            await Directory.UnlockAsync(Id, reason: null, cancel);
            return true;
        },
        _ => _said = "May try again at once.");

    private async Task RemoveAsync()
    {
        var removed = false;
        await AskAsync(
            async cancel =>
            {
                await Directory.RemoveAsync(Id, _user!.Version, reason: null, cancel);
                return true;
            },
            _ => removed = true);
        if (removed)
        {
            await Closed.InvokeAsync();
        }
    }

    private string Whole(string link) => Navigation.ToAbsoluteUri(link).ToString();
}
