namespace Fleet.Tests.Testing;

/// <summary>The services by name, for tests and their theories.</summary>
internal static class FleetServices
{
    public static FleetService Named(string name) => FleetImages.Services.Single(s => s.Name == name);

    public static TheoryData<string> Names() => new(FleetImages.Services.Select(s => s.Name));
}
