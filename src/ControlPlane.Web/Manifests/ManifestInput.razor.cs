using System.Globalization;
using System.Net;
using System.Text;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Problems;
using ControlPlane.Web.Formatting;
using ControlPlane.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace ControlPlane.Web.Manifests;

/// <summary>Takes manifests: pasted, dropped or chosen. The pasted text stays in the browser until it is handed in.</summary>
public sealed partial class ManifestInput : IDisposable
{
    private const int LargestMegabytes = 4;
    private const long Largest = LargestMegabytes * 1024 * 1024;
    private const int MostFiles = 200;
    private const string PastedName = "pasted.yaml";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _id = $"manifests-{Guid.NewGuid():N}";
    private readonly CancellationTokenSource _gone = new();
    private readonly List<ManifestFile> _files = [];
    private ElementReference _field;
    private ProblemDescription? _problem;

    /// <summary>What the button says.</summary>
    [Parameter, EditorRequired]
    public string Action { get; set; } = "";

    /// <summary>What the field holds at first.</summary>
    [Parameter]
    public string Text { get; set; } = "";

    /// <summary>Lines in view.</summary>
    [Parameter]
    public int Rows { get; set; } = 14;

    /// <summary>True while what was handed in is being worked on.</summary>
    [Parameter]
    public bool IsBusy { get; set; }

    /// <summary>Told of what was handed in; there is at least one text.</summary>
    [Parameter]
    public EventCallback<ManifestTexts> Submitted { get; set; }

    [Inject]
    private Browser Browser { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    private async Task SubmitAsync()
    {
        _problem = null;
        try
        {
            await using var field = await Browser.ReadAsync(_field, _gone.Token);
            var text = await ReadAsync(PastedName, field.Length, () => field.OpenReadStreamAsync(Largest, _gone.Token));
            IReadOnlyList<ManifestFile> all = text.Content.Trim().Length > 0 ? [text, .. _files] : [.. _files];
            if (all.Count == 0)
            {
                throw new RequestException(HttpStatusCode.BadRequest, "manifests", "There is no manifest yet: paste one, or choose a file.");
            }

            await Submitted.InvokeAsync(new ManifestTexts(all));
        }
        catch (RequestException e)
        {
            _problem = ProblemDescription.Of(e);
        }
    }

    private async Task AddAsync(InputFileChangeEventArgs chosen)
    {
        _problem = null;
        try
        {
            if (chosen.FileCount > MostFiles)
            {
                throw RequestException.BadParameter("manifests", $"These are {IndianNumber.Count(chosen.FileCount)} files; at most {MostFiles} are taken at once.");
            }

            foreach (var file in chosen.GetMultipleFiles(MostFiles))
            {
                var text = await ReadAsync(file.Name, file.Size, () => ValueTask.FromResult(file.OpenReadStream(Largest, _gone.Token)));
                _files.RemoveAll(other => other.File == text.File);
                _files.Add(text);
            }
        }
        catch (RequestException e)
        {
            _problem = ProblemDescription.Of(e);
        }
    }

    private async Task<ManifestFile> ReadAsync(string name, long size, Func<ValueTask<Stream>> open)
    {
        if (size > Largest)
        {
            var megabytes = (size / 1024.0 / 1024).ToString("0.0", CultureInfo.InvariantCulture);
            throw RequestException.BadParameter(name, $"{name} has {megabytes} MB; at most {LargestMegabytes} MB are taken. Hand it in in parts.");
        }

        using var reader = new StreamReader(await open(), Strict);
        try
        {
            return new(name, await reader.ReadToEndAsync(_gone.Token));
        }
        catch (DecoderFallbackException)
        {
            throw RequestException.BadParameter(name, $"{name} is not UTF-8 text.");
        }
    }
}
