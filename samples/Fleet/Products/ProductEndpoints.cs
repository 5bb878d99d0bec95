using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Fleet.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Products;

/// <summary>The API of the product service.</summary>
internal static class ProductEndpoints
{
    private const int MaxLimit = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var products = routes.MapGroup("/products").WithTags("Products");
        products.MapGet("", Search).WithName("searchProducts").ProducesValidationProblem();
        products.MapGet("/{sku}", Get).WithName("getProduct").ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Products by words of their name or category, a page at a time.</summary>
    internal static Results<Ok<ProductPage>, ProblemHttpResult> Search(
        ProductMetrics metrics,
        [Description("Words that all must be in the name or the category.")] string query = "",
        [Description("Where the page before ended.")] string cursor = "",
        [Description("Products in a page, 1 to 100."), RegularExpression("^([1-9][0-9]?|100)$")] string limit = "20")
    {
        // Read here, because the generated binding of an optional number answers a misfit without naming it.
        if (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size is < 1 or > MaxLimit)
        {
            return Problem.Invalid("limit", $"limit must be 1 to {MaxLimit}.");
        }

        var page = Catalogue.Search(query, cursor, size);
        metrics.Searched(page.Items.Count > 0);
        return TypedResults.Ok(page);
    }

    /// <summary>One product.</summary>
    internal static Results<Ok<Product>, ProblemHttpResult> Get(string sku, ScarceProducts scarce) =>
        Catalogue.Find(sku) is { } product ? TypedResults.Ok(product with { IsScarce = scarce.Has(sku) }) : Problem.NotFound("product", sku);
}
