namespace Crypson.Models.Tests;

public sealed class EmnistFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(".gz")]
    public void Images_are_read_upright_and_resized(string extension)
    {
        // Stored [row, column] = upright [column, row]: one bright upright row 10 is stored as column 10.
        var stored = new byte[784];
        for (var i = 0; i < 28; i++)
        {
            stored[i * 28 + 10] = 255;
        }

        WriteSplit("balanced", ClassMapping.Balanced, extension, new IdxImages(1, 28, 28, stored), [46]);

        var dataset = EmnistFolder.Choose(_folder.Path).LoadTrain();

        Assert.Equal(1, dataset.Count);
        Assert.Equal('t', dataset.Classes[dataset.Label(0)]);
        var image = dataset.Image(0).ToArray();
        for (var y = 0; y < 32; y++)
        {
            Assert.All(image[(y * 32)..(y * 32 + 32)], pixel => Assert.Equal(image[y * 32], pixel));
        }

        // Upright row 10 has its centre at (10.5 / 28) * 32 = 12, between rows 11 and 12.
        Assert.Equal(image[11 * 32], image[12 * 32]);
        Assert.InRange(image[12 * 32], 128, 255);
        Assert.Equal(0, image[9 * 32]);
    }

    [Fact]
    public void Letters_count_from_one_and_name_both_cases()
    {
        File.WriteAllLines(_folder["emnist-letters-mapping.txt"], Enumerable.Range(0, 26).Select(i => $"{i + 1} {'A' + i} {'a' + i}"));
        IdxFile.WriteImages(_folder["emnist-letters-test-images-idx3-ubyte"], Blank(2));
        IdxFile.WriteLabels(_folder["emnist-letters-test-labels-idx1-ubyte"], [1, 26]);

        var dataset = EmnistFolder.Choose(_folder.Path).LoadTest();

        Assert.Equal(26, dataset.Classes.Count);
        Assert.Equal([0, 25], dataset.Labels.ToArray());
        Assert.Equal(3, dataset.Classes.ClassOf('d'));
    }

    [Fact]
    public void Split_is_chosen_by_name_else_with_47_classes()
    {
        WriteSplit("byclass", ClassMapping.ByClass);
        WriteSplit("digits", ClassMapping.Parse("0123456789"));
        Assert.Equal("digits", EmnistFolder.Choose(_folder.Path, "digits").Name);
        Fails("has several splits and none with 47 classes; name one of: byclass, digits", () => EmnistFolder.Choose(_folder.Path));

        WriteSplit("derived47", ClassMapping.Balanced);
        Assert.Equal("derived47", EmnistFolder.Choose(_folder.Path).Name);

        WriteSplit("balanced", ClassMapping.Balanced);
        WriteSplit("bymerge", ClassMapping.Balanced);
        Assert.Equal("balanced", EmnistFolder.Choose(_folder.Path).Name);
        Assert.Equal(["balanced", "byclass", "bymerge", "derived47", "digits"], EmnistFolder.Find(_folder.Path).Select(split => split.Name));
        Fails("split 'other' not found in", () => EmnistFolder.Choose(_folder.Path, "other"));
        Fails("found: balanced, byclass, bymerge, derived47, digits", () => EmnistFolder.Choose(_folder.Path, "other"));
    }

    [Fact]
    public void Missing_folder_and_files_are_named()
    {
        Fails($"data folder '{_folder["none"]}' not found\n  hint: ", () => EmnistFolder.Choose(_folder["none"]));
        Fails($"no EMNIST files in '{_folder.Path}'; ", () => EmnistFolder.Choose(_folder.Path));

        WriteSplit("balanced", ClassMapping.Balanced);
        var split = EmnistFolder.Choose(_folder.Path);
        Fails($"'{_folder.Path}' has no emnist-balanced-test-images-idx3-ubyte[.gz]; split 'balanced' is incomplete", () => split.LoadTest());
        File.Delete(_folder["emnist-balanced-train-labels-idx1-ubyte"]);
        Fails("has no emnist-balanced-train-labels-idx1-ubyte[.gz]", () => split.LoadTrain());
        File.Delete(_folder["emnist-balanced-mapping.txt"]);
        Fails($"'{_folder["emnist-balanced-mapping.txt"]}' not found; the mapping file", () => split.LoadTrain());
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_refused()
    {
        WriteSplit("balanced", ClassMapping.Balanced, "", Blank(2), [1, 2, 3]);
        var split = EmnistFolder.Choose(_folder.Path);
        Fails("emnist-balanced-train-labels-idx1-ubyte': 2 images but 3 labels; the two files do not belong together", () => split.LoadTrain());

        WriteSplit("balanced", ClassMapping.Balanced, "", Blank(2), [46, 47]);
        Fails("label 47 of image 1 is outside the mapping's 0 to 46; do the labels and the mapping belong to the same split?", () => split.LoadTrain());

        File.Move(_folder["emnist-balanced-train-labels-idx1-ubyte"], _folder["x"]);
        File.Move(_folder["emnist-balanced-train-images-idx3-ubyte"], _folder["emnist-balanced-train-labels-idx1-ubyte"]);
        File.Move(_folder["x"], _folder["emnist-balanced-train-images-idx3-ubyte"]);
        Fails("holds images where labels are expected", () => split.LoadTrain());
    }

    private void WriteSplit(string name, ClassMapping mapping) => WriteSplit(name, mapping, "", Blank(1), [0]);

    private void WriteSplit(string name, ClassMapping mapping, string extension, IdxImages images, byte[] labels)
    {
        mapping.Save(_folder[$"emnist-{name}-mapping.txt"]);
        IdxFile.WriteImages(_folder[$"emnist-{name}-train-images-idx3-ubyte{extension}"], images);
        IdxFile.WriteLabels(_folder[$"emnist-{name}-train-labels-idx1-ubyte{extension}"], labels);
    }

    private static IdxImages Blank(int count) => new(count, 28, 28, new byte[count * 784]);

    private static void Fails(string message, Action action) => Assert.Contains(message, Assert.Throws<DataException>(action).Message);
}
