using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Geography;
using Fleet.Hosting.Input;
using Fleet.PersonalData;

namespace Fleet.Users;

/// <summary>A person who wants to become a customer.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RegisterUser : IInput
{
    /// <summary>The name that is printed on parcels.</summary>
    [Required]
    [StringLength(80)]
    public string Name { get; set; } = "";

    /// <summary>Indian mobile number, with or without +91; one account per number.</summary>
    [Required]
    [IndianMobile]
    public string Mobile { get; set; } = "";

    /// <summary>E-mail address.</summary>
    [Required]
    [EmailAddress]
    [StringLength(254)]
    public string Email { get; set; } = "";

    /// <summary>Where parcels go.</summary>
    [Required]
    public AddressInput Address { get; set; } = new();
}

/// <summary>A postal address in India.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AddressInput
{
    /// <summary>House, street and area.</summary>
    [Required]
    [StringLength(200)]
    public string Line { get; set; } = "";

    /// <summary>City.</summary>
    [Required]
    [StringLength(60)]
    public string City { get; set; } = "";

    /// <summary>Postal index number: six digits, the first not 0.</summary>
    [Required]
    [RegularExpression("^[1-9][0-9]{5}$", ErrorMessage = "{0} must be six digits, the first not 0.")]
    public string PinCode { get; set; } = "";

    /// <summary>The pin that the customer put on the map.</summary>
    [Required]
    public Place Location { get; set; } = new();
}

/// <summary>A customer, as much as most callers need: contact data is masked.</summary>
/// <param name="Id">Id of the customer.</param>
/// <param name="Name">Name.</param>
/// <param name="Mobile">Mobile number, masked.</param>
/// <param name="Email">E-mail address, masked.</param>
/// <param name="City">City.</param>
/// <param name="Location">Where parcels go.</param>
/// <param name="RegisteredAt">When the account was made (UTC).</param>
internal sealed record UserReply(
    string Id, string Name, string Mobile, string Email, string City, Place Location, DateTimeOffset RegisteredAt);

/// <summary>How to reach a customer, in the clear: only for the services that send something.</summary>
/// <param name="Name">Name.</param>
/// <param name="Mobile">Mobile number in E.164 form.</param>
/// <param name="Email">E-mail address.</param>
internal sealed record ContactReply(string Name, string Mobile, string Email);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegisterUser))]
[JsonSerializable(typeof(UserReply))]
[JsonSerializable(typeof(ContactReply))]
internal sealed partial class UserJson : JsonSerializerContext;
