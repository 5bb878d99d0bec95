using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalCluster.Load;

/// <summary>One request of a made-up shopper: mostly looking around, now and then an order, and the registration of new shoppers first.</summary>
internal sealed class ShoppingTrip(HttpClient shop, Random random)
{
    private readonly Lock _gate = new();
    private readonly List<string> _shoppers = [];
    private readonly Queue<string> _orders = new();
    private int _registered;

    /// <summary>Sends a request.</summary>
    /// <returns>Status of the answer.</returns>
    /// <exception cref="HttpRequestException">Nobody answers.</exception>
    public async Task<HttpStatusCode> NextAsync(CancellationToken cancellationToken)
    {
        var chance = random.Next(100);
        return Shopper() is not { } shopper || (chance < 10 && _registered < Load.Shopper.Most) ? await RegisterAsync(cancellationToken)
            : chance < 35 ? await GetAsync($"products?query={Load.Shopper.Search(random)}", cancellationToken)
            : chance < 65 ? await GetAsync($"products/{Load.Shopper.Sku(random)}", cancellationToken)
            : chance < 75 ? await GetAsync($"users/{shopper}", cancellationToken, user: shopper)
            : chance < 85 && NextOrder() is { } order ? await GetAsync($"orders/{order}", cancellationToken)
            : chance == 99 && NextOrder() is { } regretted ? await PostAsync($"orders/{regretted}/cancellation", new JsonObject(), cancellationToken)
            : await OrderAsync(shopper, cancellationToken);
    }

    private string? Shopper()
    {
        lock (_gate)
        {
            return _shoppers.Count == 0 ? null : _shoppers[random.Next(_shoppers.Count)];
        }
    }

    private string? NextOrder()
    {
        lock (_gate)
        {
            return _orders.TryDequeue(out var order) ? order : null;
        }
    }

    private async Task<HttpStatusCode> RegisterAsync(CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _registered);
        var (status, id) = await SendAsync("users", Load.Shopper.Registration(number, random), cancellationToken);
        if (id is not null)
        {
            lock (_gate)
            {
                _shoppers.Add(id);
            }
        }

        return status;
    }

    private async Task<HttpStatusCode> OrderAsync(string shopper, CancellationToken cancellationToken)
    {
        var (status, id) = await SendAsync("orders", Load.Shopper.Order(shopper, random), cancellationToken);
        if (id is not null)
        {
            lock (_gate)
            {
                if (_orders.Count == 100)
                {
                    _orders.Dequeue();
                }

                _orders.Enqueue(id);
            }
        }
        else if (status == HttpStatusCode.UnprocessableEntity)
        {
            lock (_gate)
            {
                _shoppers.Remove(shopper); // forgotten by the fleet: its process was restarted, or knows newer ones
            }
        }

        return status;
    }

    private async Task<HttpStatusCode> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) => (await SendAsync(path, body, cancellationToken)).Status;

    /// <param name="path">Where.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="user">Whom it is about, which the example fleet's gateway balances by; null for nobody.</param>
    private async Task<HttpStatusCode> GetAsync(string path, CancellationToken cancellationToken, string? user = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (user is not null)
        {
            request.Headers.Add("user-id", user);
        }

        using var response = await shop.SendAsync(request, cancellationToken);
        return response.StatusCode;
    }

    private async Task<(HttpStatusCode Status, string? Id)> SendAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var response = await shop.SendAsync(request, cancellationToken);
        return (response.StatusCode, response.IsSuccessStatusCode ? await IdAsync(response, cancellationToken) : null);
    }

    private static async Task<string?> IdAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return (await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))?["id"]?.ToString();
        }
        catch (JsonException)
        {
            return null; // an echo service runs in the place of the shop
        }
    }
}
