using Fleet.Hosting.Calls;
using Fleet.Hosting.Problems;

namespace Fleet.Orders.Clients;

/// <summary>What an order needs to know of a product.</summary>
internal sealed record CatalogueItem(string Sku, string Name, decimal PriceInr);

/// <summary>Asks the product service what things cost.</summary>
internal sealed class ProductClient(DependencyCalls calls)
{
    public static readonly Dependency Service = new("product", Timeout: TimeSpan.FromSeconds(5));

    /// <summary>The lines of a basket with their present prices.</summary>
    /// <exception cref="RefusedException">A line names no product, or the service is away.</exception>
    public Task<OrderLine[]> PriceAsync(IReadOnlyList<BasketLine> lines, CancellationToken cancellationToken) =>
        Task.WhenAll(lines.Select((line, index) => PriceAsync(line, index, cancellationToken)));

    private async Task<OrderLine> PriceAsync(BasketLine line, int index, CancellationToken cancellationToken)
    {
        var reply = await calls.GetAsync<CatalogueItem>(Service, $"/products/{line.Sku}", cancellationToken);
        return reply.Value is { } item
            ? new OrderLine(item.Sku, item.Name, line.Quantity, item.PriceInr)
            : throw new RefusedException(Problem.Unprocessable($"lines[{index}].sku", "There is no such product."));
    }
}
