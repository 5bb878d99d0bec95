namespace Fleet.Hosting.Input;

/// <summary>
/// Marks the body of a request, whose validation attributes are checked before its endpoint runs. Its properties have setters: the
/// generated JSON reader gives an init-only property that is absent null, whatever its initializer says.
/// </summary>
internal interface IInput;
