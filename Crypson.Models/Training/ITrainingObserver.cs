namespace Crypson.Models;

/// <summary>Hears how a run goes.</summary>
public interface ITrainingObserver
{
    /// <summary>After every step.</summary>
    void OnStep(TrainingProgress progress);

    /// <summary>After an epoch's validation.</summary>
    void OnValidation(MetricsRow row, bool best);

    /// <summary>After a checkpoint was written.</summary>
    void OnCheckpoint(string path, long step);
}
