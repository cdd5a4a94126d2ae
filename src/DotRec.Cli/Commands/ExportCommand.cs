using System.CommandLine;
using System.Text.Json.Nodes;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary><c>dotrec export</c>: the models of a bundle as files that other programs run.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var bundle = CommonOptions.Bundle();
        var onnx = new Option<string>("--onnx")
        {
            Description = "The folder for the models, vocabularies and tables inside, raw features in: query.onnx, item.onnx and ranker.onnx, those that the bundle has.",
            HelpName = "dir",
            Required = true,
        };
        onnx.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Destination.ProblemOfFolder(result.Tokens[0].Value) is { } problem)
            {
                result.AddError($"--onnx {problem}");
            }
        });
        var json = CommonOptions.Json();
        var command = new Command("export", "Write the models of a bundle for other programs and languages.") { bundle, onnx, json };
        command.SetWork(async (parsed, cancellation) =>
        {
            var models = await OnnxExport.RunAsync(parsed.GetRequiredValue(bundle), parsed.GetRequiredValue(onnx), cancellation);
            foreach (var model in models)
            {
                Terminal.Say($"{model.Path}: {string.Join(", ", model.Inputs)} → {string.Join(", ", model.Outputs)}");
            }

            ResultFile.Write(parsed.GetValue(json), new JsonObject
            {
                ["command"] = "export",
                ["models"] = new JsonArray([.. models.Select(model => new JsonObject
                {
                    ["part"] = model.Part,
                    ["path"] = Path.GetFullPath(model.Path),
                    ["inputs"] = Json(model.Inputs),
                    ["outputs"] = Json(model.Outputs),
                })]),
            });
        });
        return command;
    }

    private static JsonArray Json(IReadOnlyList<ExportedValue> values) => new([.. values.Select(value => new JsonObject
    {
        ["name"] = value.Name,
        ["type"] = value.Type,
        ["shape"] = new JsonArray([.. value.Shape.Select(size => JsonValue.Create(size))]),
    })]);
}
