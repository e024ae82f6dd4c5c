namespace Crypson.Models;

/// <summary>The pictures and the page that show a run: curves, confusion matrix, samples.</summary>
internal static class RunReport
{
    public static void Write(RunFolder folder, TrainingTask task, MetricsLog metrics)
    {
    }
}
