using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Hosting.Calls;
using Fleet.Hosting.Faults;

namespace Fleet.Hosting;

/// <summary>JSON of what all services share.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Refusal))]
[JsonSerializable(typeof(HealthReply))]
[JsonSerializable(typeof(ReadyReply))]
[JsonSerializable(typeof(VersionReply))]
[JsonSerializable(typeof(FaultPlan))]
[JsonSerializable(typeof(FaultsReply))]
internal sealed partial class HostingJson : JsonSerializerContext;
