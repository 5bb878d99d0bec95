using System.Reflection;
using System.Reflection.Emit;
using ControlPlane.Api.Commands;
using ControlPlane.Kubernetes.Client;

namespace Architecture;

/// <summary>
/// Holds that nothing which people ask for is changed beside the gate: who writes to the Kubernetes API is on a short list, and whoever of them is
/// a use case takes the gate.
/// </summary>
public sealed class CommandGateTests
{
    private static readonly string[] Writes =
        [nameof(KubeApi.CreateAsync), nameof(KubeApi.CreateSubresourceAsync), nameof(KubeApi.ReplaceAsync), nameof(KubeApi.ApplyAsync), nameof(KubeApi.MergePatchAsync), nameof(KubeApi.JsonPatchAsync), nameof(KubeApi.DeleteAsync)];

    /// <summary>Those who write without changing anything, and why.</summary>
    private static readonly Dictionary<string, string> WithoutGate = new()
    {
        ["ControlPlane.Api.Plans.PlanService"] = "dry runs",
        ["ControlPlane.Api.Plans.ManifestJudge"] = "dry runs",
        ["ControlPlane.Api.Audit.Ingestion.OwnIdentity"] = "asks who we are by POST",
        ["ControlPlane.Api.Access.Workloads.ServiceAccountTokens"] = "asks whose a token is by POST",
        ["ControlPlane.Web.Startup.EmbeddedFleet"] = "fills the embedded cluster at first start, before anybody can sign in",
    };

    private static readonly OpCode[] Calls = [OpCodes.Call, OpCodes.Callvirt, OpCodes.Newobj, OpCodes.Ldftn];

    [Fact]
    public void Whoever_writes_to_the_cluster_does_it_through_the_gate_or_changes_nothing()
    {
        var writers = ((Assembly[])[typeof(CommandGate).Assembly, Assembly.Load("ControlPlane.Web")])
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => Methods(type).Any(CallsAWrite))
            .Select(Outermost)
            .Distinct()
            .ToList();

        Assert.Contains(writers, type => type.Name == "ManifestCommands");
        Assert.Empty(writers.Where(type => !WithoutGate.ContainsKey(type.FullName!) && !TakesGate(type)).Select(type => type.FullName));
        Assert.Empty(WithoutGate.Keys.Except(writers.Select(type => type.FullName!)));
    }

    private static bool TakesGate(Type type) =>
        type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(constructor => constructor.GetParameters().Any(parameter => parameter.ParameterType == typeof(CommandGate)));

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<MethodBase> Methods(Type type)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All));
    }

    private static bool CallsAWrite(MethodBase method) =>
        method.GetMethodBody()?.GetILAsByteArray() is { } code
        && Called(method, code).Any(called => called.DeclaringType == typeof(KubeApi) && Writes.Contains(called.Name));

    /// <summary>Every four bytes that follow a call's opcode and are a token of a method: a few that are none say nothing wrong.</summary>
    private static IEnumerable<MethodBase> Called(MethodBase method, byte[] code)
    {
        for (var i = 0; i + 4 < code.Length; i++)
        {
            if (Calls.Any(call => call.Size == 1 && call.Value == code[i]) || (i > 0 && code[i - 1] == 0xFE && code[i] == 0x06))
            {
                if (Resolve(method, BitConverter.ToInt32(code, i + 1)) is { } called)
                {
                    yield return called;
                }
            }
        }
    }

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        try
        {
            return method.Module.ResolveMethod(token, method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (Exception e) when (e is ArgumentException or BadImageFormatException or MissingMethodException)
        {
            return null; // these bytes were something else
        }
    }
}
