using System.Globalization;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Web.Formatting;

/// <summary>Numbers and money with lakh and crore grouping.</summary>
public static class IndianNumber
{
    private static readonly NumberFormatInfo Grouping = new() { NumberGroupSizes = [3, 2], NumberGroupSeparator = ",", NumberDecimalSeparator = "." };

    /// <summary>Such as <c>12,34,567</c>.</summary>
    public static string Count(long number) => number.ToString("N0", Grouping);

    /// <summary>Such as <c>₹12,34,567.89</c>; other currencies by their code.</summary>
    public static string Money(decimal amount, string currency)
    {
        var sign = amount < 0 ? "−" : "";
        var figure = Math.Abs(amount).ToString("N2", Grouping);
        return currency == "INR" ? $"{sign}₹{figure}" : $"{sign}{currency} {figure}";
    }

    /// <summary>A declared amount; as it was written when it is no decimal.</summary>
    public static string Money(MoneyAmount amount)
    {
        ArgumentNullException.ThrowIfNull(amount);
        return decimal.TryParse(amount.Amount, NumberStyles.Number, CultureInfo.InvariantCulture, out var value)
            ? Money(value, amount.Currency)
            : $"{amount.Amount} {amount.Currency}";
    }

    /// <summary>A count with its noun: <c>1 service</c>, <c>6,000 services</c>.</summary>
    public static string Of(long number, string one, string? many = null) => $"{Count(number)} {(number == 1 ? one : many ?? one + "s")}";
}
