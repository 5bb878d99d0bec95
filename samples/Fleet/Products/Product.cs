using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Products;

/// <summary>Something for sale.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Name">Name in the shop.</param>
/// <param name="Category">Department of the shop.</param>
/// <param name="PriceInr">Price in rupees, taxes included.</param>
/// <param name="Hsn">Six digits of the Harmonised System, by which GST is charged.</param>
internal sealed record Product(string Sku, string Name, string Category, decimal PriceInr, string Hsn)
{
    /// <summary>There is little left.</summary>
    public bool IsScarce { get; init; }
}

/// <summary>Some products, in the order of their SKUs.</summary>
/// <param name="Items">The products.</param>
/// <param name="NextCursor">Cursor of the next page; null on the last one.</param>
internal sealed record ProductPage(IReadOnlyList<Product> Items, string? NextCursor);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProductPage))]
internal sealed partial class ProductJson : JsonSerializerContext;
