using System.ComponentModel.DataAnnotations;

namespace Fleet.PersonalData;

/// <summary>A UPI address (virtual payment address), such as asha@okbank. As text it is masked.</summary>
/// <param name="Address">The address in the clear.</param>
internal sealed record Vpa(string Address)
{
    /// <summary>The part after the @, which names the payment service provider and nobody's person.</summary>
    public string Handle => Address[(Address.IndexOf('@') + 1)..];

    /// <summary>The first two characters and the handle.</summary>
    public override string ToString() => $"{Address[..2]}***@{Handle}";
}

/// <summary>A UPI address: a name of at least two characters, @, and the handle of a payment service provider.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UpiAddressAttribute : RegularExpressionAttribute
{
    public UpiAddressAttribute()
        : base("^[A-Za-z0-9._-]{2,256}@[A-Za-z]{2,64}$") => ErrorMessage = "{0} must be a UPI address such as asha@okbank.";
}
