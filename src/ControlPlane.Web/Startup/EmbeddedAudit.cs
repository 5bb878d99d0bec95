using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Ingestion;

namespace ControlPlane.Web.Startup;

/// <summary>
/// Carries what the embedded API server says of answered writes into the audit log, as the audit webhook of a real one does: an edit by kubectl
/// is on record in the demo, too.
/// </summary>
internal sealed class EmbeddedAudit
{
    private const int Capacity = 1000;
    private const int BatchSize = 100;

    private readonly Channel<JsonObject> _events = Channel.CreateBounded<JsonObject>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Takes an event; when too many wait, it is dropped, as a real API server does.</summary>
    public void Add(JsonObject item) => _events.Writer.TryWrite(item);

    /// <summary>Sends what comes.</summary>
    internal sealed class Sender(EmbeddedAudit audit, KubernetesIngestion ingestion, CallerContext callers, TimeProvider time) : BackgroundService
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            callers.Become(Caller.System);
            while (await audit._events.Reader.WaitToReadAsync(stoppingToken))
            {
                await SendAsync(Batch(), stoppingToken);
            }
        }

        private MemoryStream Batch()
        {
            var items = new JsonArray();
            while (items.Count < BatchSize && audit._events.Reader.TryRead(out var item))
            {
                items.Add(item);
            }

            var list = new JsonObject { ["kind"] = "EventList", ["apiVersion"] = "audit.k8s.io/v1", ["items"] = items };
            return new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(list, JsonSerializerOptions.Default));
        }

        private async Task SendAsync(MemoryStream batch, CancellationToken stoppingToken)
        {
            using (batch)
            {
                while (true)
                {
                    try
                    {
                        batch.Position = 0;
                        await ingestion.TakeAsync(batch, stoppingToken);
                        return;
                    }
                    catch (AuditUnavailableException)
                    {
                        await Task.Delay(Pause, time, stoppingToken);
                    }
                }
            }
        }
    }
}
