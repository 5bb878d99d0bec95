using System.CommandLine;
using Verifier;

var package = new Argument<string>("PACKAGE") { Description = "The export: a folder or a zip file." };
var key = new Option<string>("--key") { Description = "Public key of the log (name+id+base64), got by another way than the package.", Required = true };
var older = new Option<string?>("--older-checkpoint") { Description = "File with a signed checkpoint that you kept from before." };
var witnesses = new Option<string[]>("--witness") { Description = "Public key of a witness that must have cosigned. May be given several times.", DefaultValueFactory = static _ => [] };

var command = new RootCommand("Verifies an audit log export without network or database: PASS (exit code 0), FAIL (1), or could not be checked (2).") { package, key, older, witnesses };
command.SetAction((result, cancellationToken) => Verification.RunAsync(
    new VerificationOptions(result.GetRequiredValue(package), result.GetRequiredValue(key), result.GetValue(older), result.GetValue(witnesses) ?? []), Console.Out, cancellationToken));
var parsed = command.Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? ExitCode.CouldNotCheck : code;
