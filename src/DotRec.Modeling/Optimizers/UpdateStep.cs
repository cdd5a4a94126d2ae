namespace DotRec.Modeling;

/// <summary>What all weights have in common in one step of an <see cref="UpdateRule"/>.</summary>
/// <param name="LearningRate">The step's learning rate, schedule included.</param>
/// <param name="Decay">1 − rate · weight decay: each weight is multiplied by it first.</param>
/// <param name="GradientScale">Each gradient is multiplied by it first (global-norm clipping); 1 when nothing is clipped.</param>
/// <param name="Number">Number of the step, from 1.</param>
/// <param name="Shrink">The gradient's part of the step is multiplied by it; 1 save for <see cref="ClippyAdagrad"/>, which shrinks the steps of a parameter.</param>
public readonly record struct UpdateStep(float LearningRate, float Decay, float GradientScale, long Number, float Shrink = 1);
