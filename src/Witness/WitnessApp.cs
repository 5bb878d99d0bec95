using System.Text;
using Compliance.Audit.Notes;
using Compliance.Audit.Witnessing;

namespace Witness;

/// <summary>What a witness is told on its command line.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Logs">Public keys of the logs that it knows.</param>
/// <param name="Storage">Its folder.</param>
/// <param name="Listen">Address to listen on.</param>
internal sealed record WitnessOptions(string Name, IReadOnlyList<string> Logs, string Storage, string Listen);

/// <summary>The witness over HTTP (C2SP tlog-witness). Nobody signs in: only a checkpoint that the log itself signed gets anywhere.</summary>
internal static partial class WitnessApp
{
    private const int LongestRequest = 64 * 1024;

    public static WebApplication Build(WitnessOptions options, TimeProvider time)
    {
        Directory.CreateDirectory(options.Storage);
        var key = NoteKeyFile.ReadOrCreate(Path.Combine(options.Storage, "witness.key"), options.Name, SignatureType.CosignatureV1);
        var vkey = key.Verifier.ToString();
        var witness = new CheckpointWitness(key, [.. options.Logs.Select(NoteVerifier.Parse)], new WitnessFiles(options.Storage), time);

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Listen).ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = LongestRequest);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        var app = builder.Build();
        app.MapPost("/add-checkpoint", (HttpRequest request, CancellationToken cancellationToken) => AddAsync(request, witness, app.Logger, cancellationToken));
        app.MapGet("/vkey", () => Results.Text($"{vkey}\n", "text/plain", Encoding.UTF8));
        Ready(app.Logger, vkey);
        return app;
    }

    private static async Task<IResult> AddAsync(HttpRequest request, CheckpointWitness witness, ILogger logger, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        var answer = await witness.AddAsync(body.ToArray(), cancellationToken);
        Answered(logger, (int)answer.Outcome, answer.Origin);
        return answer.Outcome == WitnessOutcome.Conflict && answer.KnownSize is { } size
            ? Results.Text(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{size}\n"), "text/x.tlog.size", Encoding.UTF8, (int)answer.Outcome)
            : Results.Text(answer.Text, "text/plain", Encoding.UTF8, (int)answer.Outcome);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Witness key, to hand to auditors and to the log: {VKey}")]
    private static partial void Ready(ILogger logger, string vKey);

    [LoggerMessage(Level = LogLevel.Information, Message = "Answered {Status} to a checkpoint of {Origin}")]
    private static partial void Answered(ILogger logger, int status, string origin);
}
