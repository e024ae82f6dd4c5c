namespace Crypson.Models.Tests;

public sealed class ClassMappingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Balanced_has_the_classes_of_emnist_in_order()
    {
        var classes = ClassMapping.Balanced;
        Assert.Equal(47, classes.Count);
        Assert.Equal("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt", classes.ToString());
        Assert.Equal(62, ClassMapping.ByClass.Count);
        Assert.Equal(61, ClassMapping.ByClass.ClassOf('z'));
    }

    [Fact]
    public void Merged_letters_share_the_class_of_their_capital()
    {
        var classes = ClassMapping.Balanced;
        foreach (var merged in "cijklmopsuvwxyz")
        {
            Assert.Equal(classes.ClassOf(char.ToUpperInvariant(merged)), classes.ClassOf(merged));
        }

        foreach (var own in "abdefghnqrt")
        {
            Assert.NotEqual(classes.ClassOf(char.ToUpperInvariant(own)), classes.ClassOf(own));
            Assert.Equal(own, classes[classes.ClassOf(own)]);
        }

        Assert.Equal(-1, classes.ClassOf(' '));
        Assert.Equal(-1, classes.ClassOf('é'));
    }

    [Fact]
    public void Text_and_file_bring_the_mapping_back()
    {
        Assert.Equal(ClassMapping.Balanced, ClassMapping.Parse(ClassMapping.Balanced.ToString()));
        Assert.NotEqual(ClassMapping.Balanced, ClassMapping.ByClass);
        ClassMapping.ByClass.Save(_folder["mapping.txt"]);
        Assert.StartsWith("0 48\n1 49\n", File.ReadAllText(_folder["mapping.txt"]));
        Assert.Equal(ClassMapping.ByClass, ClassMapping.Load(_folder["mapping.txt"]));
    }

    [Theory]
    [InlineData("", "no classes")]
    [InlineData("0 48\none 49\n", "line 2: \"label ASCII-code\" is expected, like \"10 65\"")]
    [InlineData("0 48\n1\n", "line 2: \"label ASCII-code\" is expected")]
    [InlineData("0 48\n2 49\n", "line 2: label 2 where 1 is expected; labels count up by one")]
    [InlineData("0 48\n1 48\n", "'0' stands for two classes, 0 and 1")]
    [InlineData("0 300\n", "line 1: \"label ASCII-code\" is expected")]
    [InlineData("0 7\n", "class 0 is character code 7; printable ASCII is expected")]
    [InlineData("1 65 98\n", "line 1: \"label ASCII-code\" is expected")]
    public void Malformed_mapping_files_are_refused_with_the_reason(string content, string message)
    {
        File.WriteAllText(_folder["mapping.txt"], content);
        var error = Assert.Throws<DataException>(() => ClassMapping.Load(_folder["mapping.txt"]));
        Assert.StartsWith($"'{_folder["mapping.txt"]}'", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Some_other_big_file_is_not_a_mapping()
    {
        File.WriteAllBytes(_folder["mapping.txt"], new byte[5000]);
        Assert.Contains("is not a mapping file", Assert.Throws<DataException>(() => ClassMapping.Load(_folder["mapping.txt"])).Message);
    }
}
