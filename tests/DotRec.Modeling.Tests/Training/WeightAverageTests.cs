using DotRec.Autodiff;

namespace DotRec.Modeling.Tests;

public class WeightAverageTests
{
    [Fact]
    public void The_average_is_that_of_the_recurrence_with_more_weight_on_new_steps_at_first()
    {
        var parameter = new Parameter("w", 2);
        parameter.Value.WritableValues().Fill(1);
        var average = new WeightAverage([parameter], 0.9);
        var expected = 1.0;
        for (var step = 1; step <= 200; step++)
        {
            parameter.Value.WritableValues().Fill(step);
            average.AfterStep(step);
            var decay = Math.Min(0.9, (1.0 + step) / (10 + step));
            expected = (decay * expected) + ((1 - decay) * step);
        }

        average.Exchange();
        Assert.All(parameter.Value.Values.ToArray(), value => Assert.Equal(expected, value, 1e-3));
        average.Exchange();
        Assert.All(parameter.Value.Values.ToArray(), value => Assert.Equal(200f, value));

        // Far from the start, it is ten steps behind.
        Assert.Equal(200 - 9, expected, 0.1);
    }
}
