namespace Crypson.Models;

/// <summary>
/// One split of EMNIST in a folder: <c>emnist-NAME-{train,test}-images-idx3-ubyte</c>, the same with
/// <c>labels-idx1</c>, each plain or with <c>.gz</c> (the plain file wins), and <c>emnist-NAME-mapping.txt</c>. All
/// files of that naming store their images transposed, as the official ones do; loading makes them upright.
/// </summary>
public sealed class EmnistSplit
{
    internal EmnistSplit(string folder, string name) => (Folder, Name) = (folder, name);

    /// <summary>The folder of the files.</summary>
    public string Folder { get; }

    /// <summary>The split's name, like "balanced".</summary>
    public string Name { get; }

    /// <summary>Reads the mapping file.</summary>
    /// <exception cref="DataException">It is missing or malformed.</exception>
    public ClassMapping LoadMapping() => ClassMapping.Load(Path.Combine(Folder, $"emnist-{Name}-mapping.txt"));

    /// <summary>Reads the training images, 32 x 32 and upright.</summary>
    /// <exception cref="DataException">A file is missing or malformed; the message names it.</exception>
    public ImageDataset LoadTrain() => Load("train");

    /// <summary>Reads the test images, 32 x 32 and upright.</summary>
    /// <exception cref="DataException">A file is missing or malformed; the message names it.</exception>
    public ImageDataset LoadTest() => Load("test");

    /// <summary>The file of the training images, plain or packed.</summary>
    /// <exception cref="DataException">It is missing.</exception>
    public string TrainImages => Find($"emnist-{Name}-train-images-idx3-ubyte");

    /// <summary>The file of the test images, plain or packed.</summary>
    /// <exception cref="DataException">It is missing.</exception>
    public string TestImages => Find($"emnist-{Name}-test-images-idx3-ubyte");

    private ImageDataset Load(string part)
    {
        var classes = LoadMapping();
        var imagePath = part == "train" ? TrainImages : TestImages;
        var labelPath = Find($"emnist-{Name}-{part}-labels-idx1-ubyte");
        var labels = IdxFile.ReadLabels(labelPath);
        var images = IdxFile.ReadImages(imagePath);
        try
        {
            return ImageDataset.FromIdx(images, labels, classes, transposed: true);
        }
        catch (DataException e)
        {
            throw new DataException($"'{imagePath}' and '{Path.GetFileName(labelPath)}': {e.Message}", e);
        }
    }

    private string Find(string fileName)
    {
        var plain = Path.Combine(Folder, fileName);
        if (File.Exists(plain))
        {
            return plain;
        }

        return File.Exists(plain + ".gz")
            ? plain + ".gz"
            : throw new DataException($"'{Folder}' has no {fileName}[.gz]; split '{Name}' is incomplete");
    }
}
