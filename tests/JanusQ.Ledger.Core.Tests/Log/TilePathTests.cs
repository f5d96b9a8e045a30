using CsCheck;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Tests.Log;

public class TilePathTests
{
    [Theory]
    [InlineData(0, 0, 256, "tile/0/000")]
    [InlineData(4, 1, 256, "tile/4/001")]
    [InlineData(4, 1, 5, "tile/4/001.p/5")]
    [InlineData(0, 999, 255, "tile/0/999.p/255")]
    [InlineData(0, 1000, 256, "tile/0/x001/000")]
    [InlineData(1, 1234067, 256, "tile/1/x001/x234/067")]
    [InlineData(63, 123456078, 2, "tile/63/x123/x456/078.p/2")]
    [InlineData(0, long.MaxValue, 256, "tile/0/x009/x223/x372/x036/x854/x775/807")]
    public void a_tile_has_one_path(int level, long index, int width, string path)
    {
        var tile = TilePath.Hashes(level, index, width);
        Assert.Equal(path, tile.ToString());
        Assert.True(TilePath.TryParse(path, out var read, out _));
        Assert.Equal(tile, read);
        Assert.Equal((level, index, width, width < 256, false), (read.Level, read.Index, read.Width, read.IsPartial, read.IsEntries));
    }

    [Fact]
    public void a_bundle_of_leaves_has_entries_in_place_of_a_level()
    {
        Assert.Equal("tile/entries/x001/x234/067.p/8", TilePath.Entries(1234067, 8).ToString());
        Assert.True(TilePath.TryParse("tile/entries/000", out var read, out _));
        Assert.Equal(TilePath.Entries(0), read);
        Assert.True(read.IsEntries);
        Assert.NotEqual(TilePath.Hashes(0, 0), read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tile/")]
    [InlineData("/tile/0/000")]
    [InlineData("tile/0/")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/00")]
    [InlineData("tile/0/0000")]
    [InlineData("tile/0/1234")]
    [InlineData("tile/0/000/")]
    [InlineData("tile/0//000")]
    [InlineData("tile/0/x000/001")]
    [InlineData("tile/0/001/234")]
    [InlineData("tile/0/x001/x234")]
    [InlineData("tile/0/x001")]
    [InlineData("tile/0/xx01/234")]
    [InlineData("tile/0/X001/234")]
    [InlineData("tile/3/5/x123/x456/078")]
    [InlineData("tile/1/data/x003/x057/500")]
    [InlineData("tile/00/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/+1/000")]
    [InlineData("tile/64/000")]
    [InlineData("tile/ 1/000")]
    [InlineData("tile/Entries/000")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/01")]
    [InlineData("tile/0/000.p/")]
    [InlineData("tile/0/000.p/5/")]
    [InlineData("tile/0/000.p/5.p/5")]
    [InlineData("tile/0/000.P/5")]
    [InlineData("tile/0/٠٠٠")]
    [InlineData("tile/0/x009/x223/x372/x036/x854/x775/808")]
    [InlineData("tile/0/x999/x999/x999/x999/x999/x999/x999/x999/x999/x999/999")]
    public void anything_else_is_refused(string? path)
    {
        Assert.False(TilePath.TryParse(path, out _, out var refusal));
        Assert.Equal("tile_path_malformed", refusal.Code);
    }

    [Fact]
    public void what_is_read_is_written_the_same() =>
        Gen.OneOf(
                Gen.OneOf(new[] { "tile/", "entries/", "0", "1", "63", "/", "x", "000", "001", "234", ".p/", "5", "255", "256" }
                    .Select(Gen.Const).ToArray()).Array[0, 8].Select(parts => "tile/" + string.Concat(parts)),
                Gen.Select(Gen.Int[0, 63], Gen.Long[0, long.MaxValue], Gen.Int[1, 256])
                    .Select((level, index, width) => TilePath.Hashes(level, index, width).ToString()))
            .Sample(
                path =>
                {
                    if (TilePath.TryParse(path, out var tile, out _)) Assert.Equal(path, tile.ToString());
                },
                iter: Iterations.Of(20_000));

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(64, 0, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, 257)]
    public void no_tile_is_outside_the_format(int level, long index, int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TilePath.Hashes(level, index, width));

    [Fact]
    public void a_tree_of_70000_has_the_tiles_of_the_specification()
    {
        var tiles = TileGrowth.Tiles(70_000).ToArray();
        Assert.Equal(273, tiles.Count(tile => tile is { Level: 0, IsPartial: false }));
        Assert.Equal(["tile/0/273.p/112"], tiles.Where(tile => tile is { Level: 0, IsPartial: true }).Select(tile => tile.ToString()));
        Assert.Equal(
            ["tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"],
            tiles.Where(tile => tile.Level > 0).Select(tile => tile.ToString()));
        Assert.Equal(["tile/0/000", "tile/1/000.p/1"], TileGrowth.Tiles(256).Select(tile => tile.ToString()));
        Assert.Empty(TileGrowth.Tiles(0));
    }

    [Theory]
    [InlineData(1, 1, "")]
    [InlineData(100, 101, "tile/0/000.p/101")]
    [InlineData(255, 256, "tile/0/000 tile/1/000.p/1")]
    [InlineData(255, 257, "tile/0/000 tile/0/001.p/1 tile/1/000.p/1")]
    [InlineData(256, 257, "tile/0/001.p/1")]
    [InlineData(65_535, 65_537, "tile/0/255 tile/0/256.p/1 tile/1/000 tile/2/000.p/1")]
    public void growth_changes_these_tiles(long from, long to, string expected) => Assert.Equal(
        expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), TileGrowth.Changed(from, to).Select(tile => tile.ToString()));

    [Theory]
    [InlineData(5, 5, "")]
    [InlineData(0, 3, "tile/entries/000.p/3")]
    [InlineData(250, 600, "tile/entries/000 tile/entries/001 tile/entries/002.p/88")]
    [InlineData(256, 512, "tile/entries/001")]
    public void growth_changes_these_bundles(long from, long to, string expected) => Assert.Equal(
        expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), TileGrowth.ChangedEntries(from, to).Select(tile => tile.ToString()));

    [Fact]
    public void the_largest_tree_has_eight_levels_of_tiles()
    {
        Assert.Equal(127, TileGrowth.HashesAt(7, long.MaxValue));
        Assert.Equal(0, TileGrowth.HashesAt(8, long.MaxValue));
        Assert.Equal(0, TileGrowth.HashesAt(63, long.MaxValue));
        Assert.Equal(8, MerkleTree.TilesToRestore(long.MaxValue).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => TileGrowth.Changed(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TileGrowth.ChangedEntries(-1, 1));
    }
}
