using System.ComponentModel.DataAnnotations;

namespace Fleet.PersonalData;

/// <summary>An Indian mobile number. As text it is masked, so that no log line or message can carry it by accident.</summary>
internal sealed record Mobile
{
    private const int NationalDigits = 10;

    private Mobile(string e164) => E164 = e164;

    /// <summary>The number in the clear, such as +919000000001.</summary>
    public string E164 { get; }

    /// <summary>Reads a number that <see cref="IndianMobileAttribute"/> lets pass.</summary>
    public static Mobile Parse(string text) => new("+91" + text[^NationalDigits..]);

    /// <summary>The last four digits.</summary>
    public override string ToString() => "XXXXXX" + E164[^4..];
}

/// <summary>Ten digits that start with 6 to 9 (the Indian numbering plan's mobile range), with or without +91.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IndianMobileAttribute : RegularExpressionAttribute
{
    public IndianMobileAttribute()
        : base(@"^(\+91[ -]?)?[6-9][0-9]{9}$") =>
        ErrorMessage = "{0} must be an Indian mobile number: ten digits that start with 6, 7, 8 or 9, with or without +91.";
}
