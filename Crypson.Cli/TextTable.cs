using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Crypson.Cli;

/// <summary>A table of text: with lines on a terminal, columns apart by spaces elsewhere.</summary>
internal sealed class TextTable
{
    private readonly List<(string Title, bool Right)> columns = [];
    private readonly List<string[]> rows = [];

    /// <summary>Adds a column of words.</summary>
    public TextTable Left(string title)
    {
        columns.Add((title, false));
        return this;
    }

    /// <summary>Adds a column of numbers.</summary>
    public TextTable Right(string title)
    {
        columns.Add((title, true));
        return this;
    }

    /// <summary>Adds a row, a cell per column.</summary>
    public TextTable Row(params string[] cells)
    {
        rows.Add(Array.ConvertAll(cells, Terminal.Clean));
        return this;
    }

    /// <summary>The table for a terminal.</summary>
    public IRenderable ToRenderable()
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var (title, right) in columns)
        {
            var column = new TableColumn(new Text(title, new Style(decoration: Decoration.Bold)));
            table.AddColumn(right ? column.RightAligned() : column);
        }

        rows.ForEach(row => table.AddRow(row.Select(cell => new Text(cell))));
        return table;
    }

    /// <summary>The table as plain lines.</summary>
    public override string ToString()
    {
        var widths = columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Title.Length).Max()).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(columns.ConvertAll(column => column.Title).ToArray()))
        {
            var cells = row.Select((cell, i) => columns[i].Right ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
