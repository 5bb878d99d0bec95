namespace Fleet.PersonalData;

/// <summary>An e-mail address. As text it is masked.</summary>
/// <param name="Address">The address in the clear.</param>
internal sealed record Email(string Address)
{
    /// <summary>The first letter and the domain.</summary>
    public override string ToString()
    {
        var at = Address.LastIndexOf('@');
        return at > 0 ? Address[0] + "***" + Address[at..] : "***";
    }
}
