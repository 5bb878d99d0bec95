namespace LocalCluster.Cel;

/// <summary>One signature of a function, and what it does.</summary>
/// <param name="Function">Name of the function, method or operator.</param>
/// <param name="IsMember">True when the first parameter is what the method is called on.</param>
/// <param name="Parameters">Types of all parameters.</param>
/// <param name="Result">Type of the result.</param>
/// <param name="Invoke">Computes the result, or a <see cref="CelError"/>, from arguments that are values of those types.</param>
internal sealed record Overload(
    string Function, bool IsMember, CelType[] Parameters, CelType Result, Func<object[], object> Invoke)
{
    /// <summary>True when the values are of the right kinds, which only has to be asked where the types are not known before.</summary>
    public bool Accepts(object[] arguments)
    {
        if (arguments.Length != Parameters.Length)
        {
            return false;
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            var parameter = Parameters[i];
            if (parameter.Kind is CelKind.Dyn or CelKind.Variable)
            {
                continue;
            }

            var type = CelValues.TypeOf(arguments[i]);
            var matches = parameter.Kind == CelKind.Object ? arguments[i] is CelMap : type.Kind == parameter.Kind;
            if (!matches || (type.Kind == CelKind.Opaque && type.Name != parameter.Name))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A function whose parameters are of the CEL types that go with the .NET types.</summary>
    public static Overload Global<T>(string name, CelType result, Func<T, object> invoke) => Of(name, false, result, invoke);

    /// <inheritdoc cref="Global{T}"/>
    public static Overload Global<T1, T2>(string name, CelType result, Func<T1, T2, object> invoke) => Of(name, false, result, invoke);

    /// <summary>A method whose parameters are of the CEL types that go with the .NET types.</summary>
    public static Overload Member<T>(string name, CelType result, Func<T, object> invoke) => Of(name, true, result, invoke);

    /// <inheritdoc cref="Member{T}"/>
    public static Overload Member<T1, T2>(string name, CelType result, Func<T1, T2, object> invoke) => Of(name, true, result, invoke);

    /// <inheritdoc cref="Member{T}"/>
    public static Overload Member<T1, T2, T3>(string name, CelType result, Func<T1, T2, T3, object> invoke) => new(
        name,
        true,
        [CelTypes.Of<T1>(), CelTypes.Of<T2>(), CelTypes.Of<T3>()],
        result,
        arguments => invoke((T1)arguments[0], (T2)arguments[1], (T3)arguments[2]));

    /// <inheritdoc cref="Member{T}"/>
    public static Overload Member<T1, T2, T3, T4>(string name, CelType result, Func<T1, T2, T3, T4, object> invoke) => new(
        name,
        true,
        [CelTypes.Of<T1>(), CelTypes.Of<T2>(), CelTypes.Of<T3>(), CelTypes.Of<T4>()],
        result,
        arguments => invoke((T1)arguments[0], (T2)arguments[1], (T3)arguments[2], (T4)arguments[3]));

    private static Overload Of<T>(string name, bool isMember, CelType result, Func<T, object> invoke) =>
        new(name, isMember, [CelTypes.Of<T>()], result, arguments => invoke((T)arguments[0]));

    private static Overload Of<T1, T2>(string name, bool isMember, CelType result, Func<T1, T2, object> invoke) =>
        new(name, isMember, [CelTypes.Of<T1>(), CelTypes.Of<T2>()], result, arguments => invoke((T1)arguments[0], (T2)arguments[1]));
}
