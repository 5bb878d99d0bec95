using Fleet.Geography;
using Fleet.PersonalData;

namespace Fleet.Users;

/// <summary>A customer.</summary>
internal sealed record User
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required Mobile Mobile { get; init; }

    public required Email Email { get; init; }

    public required PostalAddress Address { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }
}

/// <summary>Where a customer lives. As text it is masked.</summary>
internal sealed record PostalAddress(string Line, string City, string PinCode, Place Location)
{
    /// <summary>The city.</summary>
    public override string ToString() => City;
}
