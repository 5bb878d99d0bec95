namespace Fleet.Tests;

public sealed class FleetImagesTests
{
    [Theory]
    [InlineData("fleet/order:1.4.0", "order", "1.4.0")]
    [InlineData("fleet/kyc:2026-11-23_rc.1", "kyc", "2026-11-23_rc.1")]
    [InlineData("fleet/payment", "payment", "latest")]
    public void An_image_of_the_fleet_is_a_service_and_a_version(string image, string name, string version)
    {
        Assert.True(FleetImages.TryGetService(image, out var service, out var found));
        Assert.Equal(name, service.Name);
        Assert.Equal(version, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("order:1.0.0")]
    [InlineData("fleet/orders:1.0.0")]
    [InlineData("fleet/Order:1.0.0")]
    [InlineData("fleet/order:")]
    [InlineData("fleet/order:1 0")]
    [InlineData("fleet/order:1.0\n")]
    [InlineData("docker.io/fleet/order:1.0.0")]
    [InlineData("fleet/order/extra:1.0.0")]
    public void Any_other_image_is_not(string image) => Assert.False(FleetImages.TryGetService(image, out _, out _));

    [Fact]
    public void The_fleet_has_eight_services() => Assert.Equal(
        ["delivery", "inventory", "kyc", "notification", "order", "payment", "product", "user"],
        FleetImages.Services.Select(s => s.Name).Order());
}
