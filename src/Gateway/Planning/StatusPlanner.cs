using ControlPlane.Kubernetes.Resources;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>What is to be said of GatewayClasses and Gateways. When conditions changed is added when they are written.</summary>
internal static class StatusPlanner
{
    public static GatewayClassStatus OfClass(GatewayClass item) => new()
    {
        Conditions =
        [
            PlannedCondition.Of(
                GatewayConditions.Accepted,
                item.Spec.ParametersRef is { } parameters
                    ? new(GatewayConditions.InvalidParameters, $"spec.parametersRef: {parameters.Kind} {parameters.Name} is not known; this gateway takes no parameters")
                    : null),
        ],
        SupportedFeatures = [.. GatewayApi.SupportedFeatures.Select(name => new SupportedFeature(name))],
    };

    /// <summary>The status of a Gateway.</summary>
    /// <param name="gateway">The Gateway.</param>
    /// <param name="attached">Routes by listener.</param>
    /// <param name="sockets">How it stands with the sockets.</param>
    public static GatewayStatus OfGateway(PlannedGateway gateway, IReadOnlyDictionary<ListenerId, int> attached, ISocketStates sockets)
    {
        var listeners = gateway.Listeners.Select(listener => OfListener(listener, attached.GetValueOrDefault(listener.Id), sockets)).ToList();
        var accepted = gateway.Listeners.Count(listener => listener.NotAccepted is null && listener.Conflict is null);
        return new GatewayStatus
        {
            Addresses = gateway.Address is { } address ? [new GatewayAddress { Value = address.ToString() }] : [],
            Conditions = [Accepted(gateway, accepted), Programmed(gateway, accepted, sockets)],
            Listeners = listeners,
        };
    }

    private static Condition Accepted(PlannedGateway gateway, int accepted)
    {
        if (gateway.Problem is not null)
        {
            return PlannedCondition.Of(GatewayConditions.Accepted, gateway.Problem);
        }

        if (accepted == gateway.Listeners.Count)
        {
            return PlannedCondition.True(GatewayConditions.Accepted);
        }

        const string Message = "Some listeners are not valid; their own conditions say why";
        return accepted > 0
            ? PlannedCondition.True(GatewayConditions.Accepted, GatewayConditions.ListenersNotValid, Message)
            : PlannedCondition.False(GatewayConditions.Accepted, GatewayConditions.ListenersNotValid, "No listener is valid; their own conditions say why");
    }

    private static Condition Programmed(PlannedGateway gateway, int accepted, ISocketStates sockets)
    {
        if (gateway.Problem is not null || accepted == 0)
        {
            return PlannedCondition.False(GatewayConditions.Programmed, GatewayConditions.Invalid, "The Gateway is not accepted");
        }

        if (gateway.Address is null)
        {
            return PlannedCondition.False(GatewayConditions.Programmed, GatewayConditions.AddressNotAssigned, "All addresses of the pool are taken; ask for one in spec.addresses");
        }

        if (!gateway.Listeners.Any(listener => listener.Serves))
        {
            return PlannedCondition.False(GatewayConditions.Programmed, GatewayConditions.Invalid, "No listener can serve; their own conditions say why");
        }

        var problems = gateway.Listeners.Where(listener => listener.Serves).Select(listener => sockets.ProblemOf(listener.Socket!.Value)).OfType<Problem>().ToList();
        return problems.Count > 0 ? PlannedCondition.Of(GatewayConditions.Programmed, problems[0]) : PlannedCondition.True(GatewayConditions.Programmed);
    }

    private static ListenerStatus OfListener(PlannedListener listener, int attached, ISocketStates sockets)
    {
        var notProgrammed = listener.Serves
            ? sockets.ProblemOf(listener.Socket!.Value)
            : new(GatewayConditions.Invalid, (listener.NotAccepted ?? listener.Conflict ?? listener.Unresolved)?.Message ?? "The Gateway has no address");
        return new ListenerStatus
        {
            Name = listener.Id.Name,
            SupportedKinds = listener.SupportedKinds,
            AttachedRoutes = attached,
            Conditions =
            [
                PlannedCondition.Of(GatewayConditions.Accepted, listener.NotAccepted ?? listener.Conflict),
                PlannedCondition.Of(GatewayConditions.Programmed, notProgrammed),
                PlannedCondition.Of(GatewayConditions.ResolvedRefs, listener.Unresolved),
                listener.Conflict is { } conflict
                    ? PlannedCondition.True(GatewayConditions.Conflicted, conflict.Reason, conflict.Message)
                    : PlannedCondition.False(GatewayConditions.Conflicted, GatewayConditions.NoConflicts, ""),
            ],
        };
    }
}

/// <summary>How it stands with the sockets that snapshots ask for.</summary>
internal interface ISocketStates
{
    /// <summary>Why a socket is not open (yet); null when it is.</summary>
    Problem? ProblemOf(SocketKey key);
}
