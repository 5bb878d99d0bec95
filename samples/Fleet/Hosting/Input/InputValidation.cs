using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Hosting.Problems;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Fleet.Hosting.Input;

/// <summary>
/// Checks the validation attributes of request bodies, the same ones that the OpenAPI description shows, and names what is wrong by its
/// path in the JSON (<c>lines[0].quantity</c>).
/// </summary>
internal sealed class InputValidation(IOptions<JsonOptions> json) : IEndpointFilter
{
    private readonly JsonSerializerOptions _options = json.Value.SerializerOptions;

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var errors = new Dictionary<string, string[]>();
        foreach (var input in context.Arguments.OfType<IInput>())
        {
            Check(input, _options.GetTypeInfo(input.GetType()), "", errors);
        }

        return errors.Count == 0 ? next(context) : ValueTask.FromResult<object?>(Problem.Invalid(errors));
    }

    private void Check(object value, JsonTypeInfo type, string prefix, Dictionary<string, string[]> errors)
    {
        foreach (var property in type.Properties)
        {
            if (property.Get is not { } get)
            {
                continue;
            }

            var path = prefix + property.Name;
            var item = get(value);
            var messages = AttributesOf(property).Where(a => !a.IsValid(item)).Select(a => a.FormatErrorMessage(path)).ToArray();
            if (messages.Length > 0)
            {
                errors[path] = messages;
            }
            else if (item is not null)
            {
                Descend(item, _options.GetTypeInfo(property.PropertyType), path, errors);
            }
        }
    }

    private void Descend(object value, JsonTypeInfo type, string path, Dictionary<string, string[]> errors)
    {
        if (type.Kind == JsonTypeInfoKind.Object)
        {
            Check(value, type, path + ".", errors);
        }
        else if (type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } elementType })
        {
            var element = _options.GetTypeInfo(elementType);
            var index = 0;
            foreach (var item in ((IEnumerable)value).Cast<object>())
            {
                Descend(item, element, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), errors);
            }
        }
    }

    private static IEnumerable<ValidationAttribute> AttributesOf(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>() ?? [];
}
