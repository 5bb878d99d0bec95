using Fleet.Hosting.Events;

namespace Fleet.Products;

/// <summary>Has the catalogue say of what there is little left.</summary>
internal sealed class StockEvents(ScarceProducts scarce) : IEventHandler
{
    public string Topic => "inventory-events";

    public IReadOnlyCollection<string> Types { get; } = ["STOCK_LOW"];

    public Task HandleAsync(FleetEvent happened, CancellationToken cancellationToken)
    {
        scarce.Note(happened.Key);
        return Task.CompletedTask;
    }
}
