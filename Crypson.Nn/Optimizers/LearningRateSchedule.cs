namespace Crypson.Nn;

/// <summary>A learning rate that depends on the number of the step alone, so that a resumed run continues it.</summary>
/// <param name="rate">The rate at a step, counted from 0.</param>
public sealed class LearningRateSchedule(Func<long, double> rate)
{
    /// <summary>The same rate for ever.</summary>
    public static LearningRateSchedule Constant(double rate) => new(_ => rate);

    /// <summary>The rate times <paramref name="factor"/> after every <paramref name="every"/> steps.</summary>
    public static LearningRateSchedule StepDecay(double rate, long every, double factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        return new(step => rate * Math.Pow(factor, step / every));
    }

    /// <summary>Half a cosine from the rate down to <paramref name="final"/> (Loshchilov, Hutter 2017).</summary>
    public static LearningRateSchedule Cosine(double rate, long steps, double final = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new(step => final + ((rate - final) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step, steps) / steps))));
    }

    /// <summary>This schedule, preceded by a straight rise from almost 0 to its first rate.</summary>
    public LearningRateSchedule WithWarmup(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new(step => step < steps ? At(0) * (step + 1) / steps : At(step - steps));
    }

    /// <summary>The rate at a step, counted from 0.</summary>
    public double At(long step) => rate(step);
}
