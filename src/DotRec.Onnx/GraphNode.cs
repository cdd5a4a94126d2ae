namespace DotRec.Onnx;

/// <summary>A node of the graph.</summary>
/// <param name="Inputs">Names of the values it reads.</param>
/// <param name="Proto">The node as it is written; null for a lookup, whose keys are written only where a model is not taken apart.</param>
/// <param name="Lookup">What is looked up; null for other nodes.</param>
/// <param name="ReadsRows">True when it reads some rows of its first input.</param>
internal sealed record GraphNode(string[] Inputs, WireWriter? Proto = null, OnnxVocabulary? Lookup = null, bool ReadsRows = false);
