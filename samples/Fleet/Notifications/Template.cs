using System.Text.RegularExpressions;

namespace Fleet.Notifications;

/// <summary>Names of the texts that may be sent. Telecom rules allow only texts that were registered before (TRAI, TCCCPR 2018).</summary>
internal enum TemplateName
{
    /// <summary>The order is paid for and on its way.</summary>
    OrderConfirmed,

    /// <summary>The order was cancelled.</summary>
    OrderCancelled,

    /// <summary>The account is made.</summary>
    Welcome,
}

/// <summary>A text with placeholders.</summary>
internal sealed partial class Template
{
    private static readonly Dictionary<TemplateName, Template> All = new()
    {
        [TemplateName.OrderConfirmed] = new("Your order {orderId} for ₹{amountInr} is confirmed."),
        [TemplateName.OrderCancelled] = new("Your order {orderId} is cancelled. ₹{amountInr} will be with you in 5 to 7 days."),
        [TemplateName.Welcome] = new("Welcome to the shop. Your account is ready."),
    };

    private readonly string _text;

    private Template(string text) => _text = text;

    public static Template Of(TemplateName name) => All[name];

    /// <summary>Names of the placeholders.</summary>
    public IEnumerable<string> Placeholders => Placeholder.Matches(_text).Select(m => m.Groups["name"].Value);

    /// <summary>The text with its placeholders filled; every one of <see cref="Placeholders"/> must be there.</summary>
    public string Render(IReadOnlyDictionary<string, string> parameters) =>
        Placeholder.Replace(_text, m => parameters[m.Groups["name"].Value]);

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Placeholder { get; }
}
