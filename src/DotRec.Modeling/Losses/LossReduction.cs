namespace DotRec.Modeling;

/// <summary>How the losses of a batch's examples become one number to differentiate.</summary>
public enum LossReduction
{
    /// <summary>
    /// The weighted sum, as in TFRS. The gradient grows with the batch size; the learning rates of TFRS' tutorials (Adagrad, 0.1) are made for it.
    /// </summary>
    Sum,

    /// <summary>The weighted sum divided by the number of examples. With Adagrad's usual accumulator of 0.1 the first steps are thousands of times smaller.</summary>
    Mean,
}
