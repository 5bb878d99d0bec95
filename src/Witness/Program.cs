using System.CommandLine;
using Witness;

var logs = new Option<string[]>("--log") { Description = "Public key (vkey) of a log to witness; its name is the log's origin. May be given several times.", Required = true };
var name = new Option<string>("--name") { Description = "Name of this witness, such as witness.example/w1.", Required = true };
var storage = new Option<string>("--storage") { Description = "Folder for the witness's key and what it saw last of each log.", DefaultValueFactory = static _ => ".local/witness" };
var listen = new Option<string>("--listen") { Description = "Address to listen on.", DefaultValueFactory = static _ => "http://127.0.0.1:5090" };

var command = new RootCommand("Cosigns checkpoints of transparency logs that only grow (C2SP tlog-witness).") { logs, name, storage, listen };
command.SetAction(async (result, cancellationToken) =>
{
    var options = new WitnessOptions(result.GetRequiredValue(name), result.GetRequiredValue(logs), result.GetValue(storage)!, result.GetValue(listen)!);
    await using var app = WitnessApp.Build(options, TimeProvider.System);
    await app.RunAsync(cancellationToken);
});
return await command.Parse(args).InvokeAsync();
