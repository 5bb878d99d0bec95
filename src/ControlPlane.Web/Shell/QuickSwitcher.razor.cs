using ControlPlane.Api.Fleet;
using ControlPlane.Web.Elements;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Shell;

/// <summary>Leads to any service, and to any page, by a few letters.</summary>
public sealed partial class QuickSwitcher
{
    /// <summary>Id of the dialog.</summary>
    public const string Id = "switcher";

    private const string ListId = "switcher-list";
    private const int Shown = 12;

    private ElementReference _dialog;
    private string _text = "";
    private IReadOnlyList<Target> _found = [];
    private int _total;
    private int _active;

    [Inject]
    private FleetQuery Fleet { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private Browser Browser { get; set; } = null!;

    private string Summary => (_text.Trim(), _total) switch
    {
        ("", _) => "Type a few letters",
        (_, 0) => _found.Count > 0 ? IndianNumber.Of(_found.Count, "page") : "No service matches",
        _ when _total > Shown => $"{IndianNumber.Count(Shown)} of {IndianNumber.Of(_total, "service")}; type more to narrow it down",
        _ => IndianNumber.Of(_total, "service"),
    };

    private static string OptionId(int index) => $"switcher-option-{index}";

    private void Typed()
    {
        _active = 0;
        Find();
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown" when _found.Count > 0:
                _active = (_active + 1) % _found.Count;
                break;
            case "ArrowUp" when _found.Count > 0:
                _active = (_active + _found.Count - 1) % _found.Count;
                break;
            case "Enter" when _active < _found.Count:
                await OpenAsync(_found[_active]);
                break;
        }
    }

    private async Task OpenAsync(Target target)
    {
        await Browser.CloseAsync(_dialog);
        Navigation.NavigateTo(target.Address);
    }

    private void Find()
    {
        if (string.IsNullOrWhiteSpace(_text))
        {
            (_found, _total) = ([], 0);
            return;
        }

        var matching = Fleet.List(new FleetFilter { Text = _text, Sort = FleetSort.Name });
        _total = matching.Count;
        _found =
        [
            .. Place.All.Where(place => place.Name.StartsWith(_text.Trim(), StringComparison.OrdinalIgnoreCase)).Select(Target.Of),
            .. matching.OrderByDescending(BeginsWithText).Take(Shown).Select(Target.Of),
        ];
    }

    private bool BeginsWithText(ServiceSummary service) =>
        service.Name.StartsWith(_text.Trim(), StringComparison.OrdinalIgnoreCase) || service.DisplayName.StartsWith(_text.Trim(), StringComparison.OrdinalIgnoreCase);

    private void Reset()
    {
        _text = "";
        Find();
    }

    private sealed record Target(string Address, Look Look, string Name, string Key, string Team)
    {
        public static Target Of(ServiceSummary service) => new(
            $"/services/{service.Namespace}/{service.Name}", Look.Of(service.Health), service.DisplayName, $"{service.Namespace}/{service.Name}", service.Team);

        public static Target Of(Place place) => new(place.Address, new Look("Page", place.Icon, "faint"), place.Name, "page", place.Shortcut);
    }
}
