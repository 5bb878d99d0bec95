using Fleet.Geography;
using Fleet.Hosting.Calls;
using Fleet.Hosting.Problems;

namespace Fleet.Orders.Clients;

/// <summary>What an order needs to know of its customer.</summary>
internal sealed record Customer(string Id, string City, Place Location);

/// <summary>Asks the user service who orders.</summary>
internal sealed class UserClient(DependencyCalls calls)
{
    public static readonly Dependency Service = new("user", Timeout: TimeSpan.FromSeconds(10));

    /// <exception cref="RefusedException">There is no such customer, or the service is away.</exception>
    public async Task<Customer> GetAsync(string userId, CancellationToken cancellationToken)
    {
        var reply = await calls.GetAsync<Customer>(Service, $"/users/{userId}", cancellationToken, user: userId);
        return reply.Value ?? throw new RefusedException(Problem.Unprocessable("userId", "There is no such customer."));
    }
}
