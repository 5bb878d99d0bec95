using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Endpoints;

/// <summary>What becomes of the slices of a Service.</summary>
/// <param name="Created">New slices.</param>
/// <param name="Kept">Slices as they are and as they should be, which may be the same.</param>
/// <param name="Deleted">Slices that nothing is left for.</param>
internal sealed record SlicePlan(
    IReadOnlyList<EndpointSlice> Created, IReadOnlyList<(EndpointSlice Before, EndpointSlice After)> Kept, IReadOnlyList<EndpointSlice> Deleted);

/// <summary>
/// Spreads the endpoints of a Service over slices of at most 100, touching as few slices as it can: every slice that changes is sent to
/// everybody who follows endpoints.
/// </summary>
internal static class SlicePlanner
{
    /// <summary>Endpoints in a slice; kube-controller-manager's <c>--max-endpoints-per-slice</c>.</summary>
    public const int MostEndpoints = 100;

    private const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";
    private const string ManagedBy = "endpointslice-controller.k8s.io";

    /// <summary>Plans the slices.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="groups">Its endpoints.</param>
    /// <param name="existing">Its slices.</param>
    public static SlicePlan Plan(Service service, IReadOnlyList<EndpointGroup> groups, IReadOnlyList<EndpointSlice> existing)
    {
        var own = existing.Where(IsOwn).ToLookup(slice => EndpointGroup.KeyOf(slice.Ports), StringComparer.Ordinal);
        var labels = PublishedLabels.Of(service, (EndpointSlice.ServiceLabel, service.Metadata.Name), (ManagedByLabel, ManagedBy));
        var created = new List<EndpointSlice>();
        var kept = new List<(EndpointSlice Before, EndpointSlice After)>();
        foreach (var group in groups)
        {
            Fill(group, own[EndpointGroup.KeyOf(group.Ports)], kept, created);
        }

        if (kept.Count + created.Count == 0)
        {
            KeepPlaceholder(own[""], kept, created);
        }

        var deleted = existing.Where(IsOwn).ExceptBy(kept.Select(pair => pair.Before.Metadata.Name), slice => slice.Metadata.Name).ToList();
        while (created.Count > 0 && deleted.Count > 0)
        {
            // One write in place of two, and no moment without endpoints for those who follow.
            kept.Add((deleted[^1], created[^1]));
            created.RemoveAt(created.Count - 1);
            deleted.RemoveAt(deleted.Count - 1);
        }

        return new SlicePlan(
            Named(service, [.. created.Select(slice => slice with { Metadata = new ObjectMeta { Labels = labels } })], existing),
            [.. kept.Select(pair => (pair.Before, pair.After with { Metadata = pair.Before.Metadata with { Labels = labels } }))],
            deleted);

        bool IsOwn(EndpointSlice slice) =>
            slice.AddressType == "IPv4" && slice.Metadata.OwnerReferences.Any(owner => owner.Uid == service.Metadata.Uid);
    }

    private static void Fill(
        EndpointGroup group, IEnumerable<EndpointSlice> existing, List<(EndpointSlice Before, EndpointSlice After)> kept, List<EndpointSlice> created)
    {
        var wanted = group.Endpoints.ToDictionary(Identity, StringComparer.Ordinal);
        var slices = new List<(EndpointSlice Before, List<Endpoint> Endpoints)>();
        foreach (var slice in existing.OrderBy(slice => slice.Metadata.Name, StringComparer.Ordinal))
        {
            var remaining = new List<Endpoint>();
            foreach (var endpoint in slice.Endpoints)
            {
                if (wanted.Remove(Identity(endpoint), out var now))
                {
                    remaining.Add(now);
                }
            }

            slices.Add((slice, remaining));
        }

        var homeless = group.Endpoints.Where(endpoint => wanted.ContainsKey(Identity(endpoint))).ToList();
        var changing = slices.Where(slice => slice.Endpoints.Count > 0 && !Same(slice.Before.Endpoints, slice.Endpoints)).ToList();
        foreach (var (_, endpoints) in changing.OrderByDescending(slice => slice.Endpoints.Count))
        {
            Move(homeless, endpoints, Math.Min(homeless.Count, MostEndpoints - endpoints.Count));
        }

        while (homeless.Count >= MostEndpoints)
        {
            created.Add(Slice(group, Move(homeless, [], MostEndpoints)));
        }

        if (homeless.Count > 0)
        {
            var roomiest = slices.Except(changing)
                .Where(slice => slice.Endpoints.Count > 0 && slice.Endpoints.Count + homeless.Count <= MostEndpoints)
                .OrderByDescending(slice => slice.Endpoints.Count).FirstOrDefault();
            if (roomiest.Endpoints is { } room)
            {
                Move(homeless, room, homeless.Count);
            }
            else
            {
                created.Add(Slice(group, homeless));
            }
        }

        kept.AddRange(slices.Where(slice => slice.Endpoints.Count > 0).Select(slice => (slice.Before, Slice(group, slice.Endpoints))));
    }

    /// <summary>A Service without endpoints has one empty slice, so that those who follow can tell it from one not yet looked at.</summary>
    private static void KeepPlaceholder(
        IEnumerable<EndpointSlice> empty, List<(EndpointSlice Before, EndpointSlice After)> kept, List<EndpointSlice> created)
    {
        var placeholder = new EndpointSlice();
        if (empty.OrderBy(slice => slice.Metadata.Name, StringComparer.Ordinal).FirstOrDefault() is { } known)
        {
            kept.Add((known, placeholder));
        }
        else
        {
            created.Add(placeholder);
        }
    }

    private static EndpointSlice Slice(EndpointGroup group, IReadOnlyList<Endpoint> endpoints) => new() { Ports = group.Ports, Endpoints = endpoints };

    private static List<Endpoint> Move(List<Endpoint> from, List<Endpoint> to, int count)
    {
        to.AddRange(from[..count]);
        from.RemoveRange(0, count);
        return to;
    }

    private static string Identity(Endpoint endpoint) => $"{endpoint.TargetRef?.Uid}/{endpoint.Addresses[0]}";

    private static bool Same(IReadOnlyList<Endpoint> a, IReadOnlyList<Endpoint> b) =>
        JsonSerializer.Serialize(a, WorkloadJson.Options) == JsonSerializer.Serialize(b, WorkloadJson.Options);

    /// <summary>
    /// Gives new slices names that follow from the Service and are not taken. A cache that does not show the last slice yet leads to the same
    /// name again, which the API refuses: that way the same endpoints are never published twice.
    /// </summary>
    private static List<EndpointSlice> Named(Service service, List<EndpointSlice> created, IEnumerable<EndpointSlice> existing)
    {
        var taken = existing.Select(slice => slice.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        var names = Enumerable.Range(0, int.MaxValue).Select(i => Name(service, i)).Where(name => !taken.Contains(name));
        return [.. created.Zip(names, (slice, name) => slice with { Metadata = slice.Metadata with { Name = name, Namespace = service.Metadata.Namespace } })];
    }

    private static string Name(Service service, int index)
    {
        const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{service.Metadata.Uid}/{index}")));
        var suffix = string.Concat(digest.Take(5).Select(b => Alphabet[b % Alphabet.Length]));
        return $"{service.Metadata.Name}-{suffix}";
    }
}
