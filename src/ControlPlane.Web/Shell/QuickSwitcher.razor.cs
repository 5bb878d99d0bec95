using ControlPlane.Api.Fleet;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Shell;

/// <summary>Leads to any service by a few letters.</summary>
public sealed partial class QuickSwitcher
{
    /// <summary>Id of the dialog.</summary>
    public const string Id = "switcher";

    private const string ListId = "switcher-list";
    private const int Shown = 12;

    private ElementReference _dialog;
    private string _text = "";
    private IReadOnlyList<ServiceSummary> _found = [];
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
        (_, 0) => "No service matches",
        _ when _total > _found.Count => $"{IndianNumber.Count(_found.Count)} of {IndianNumber.Of(_total, "service")}; type more to narrow it down",
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

    private async Task OpenAsync(ServiceSummary service)
    {
        await Browser.CloseAsync(_dialog);
        Navigation.NavigateTo($"/services/{service.Namespace}/{service.Name}");
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
        _found = [.. matching.OrderByDescending(BeginsWithText).Take(Shown)];
    }

    private bool BeginsWithText(ServiceSummary service) =>
        service.Name.StartsWith(_text.Trim(), StringComparison.OrdinalIgnoreCase) || service.DisplayName.StartsWith(_text.Trim(), StringComparison.OrdinalIgnoreCase);

    private void Reset()
    {
        _text = "";
        Find();
    }
}
