using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Hosting.Calls;

namespace Fleet.Hosting;

/// <summary>JSON of what all services share.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Refusal))]
[JsonSerializable(typeof(HealthReply))]
[JsonSerializable(typeof(ReadyReply))]
[JsonSerializable(typeof(VersionReply))]
internal sealed partial class HostingJson : JsonSerializerContext;
