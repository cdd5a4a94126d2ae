using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class JaggedPositionsTests
{
    private static readonly Histories Lists = Histories.Of(20, [[1, 2, 3, 4, 5], [], [6], [7, 8], [9, 10, 11]]);

    [Fact]
    public void The_last_items_stand_one_history_after_another_with_places_from_the_end()
    {
        var positions = JaggedPositions.Of(Lists, [4, 1, 0, 2], length: 3);
        Assert.Equal([0, 3, 3, 6, 7], positions.Offsets);
        Assert.Equal([9, 10, 11, 3, 4, 5, 6], positions.Items);
        Assert.Equal([2, 1, 0, 2, 1, 0, 0], positions.Ages);
        Assert.Equal([0, 1, 2, 0, 1, 2, 0], positions.Places);
        Assert.Empty(positions.Next);
    }

    [Fact]
    public void In_training_each_position_knows_the_item_after_it()
    {
        var positions = JaggedPositions.WithNext(Lists, [0, 2, 3], length: 3);
        Assert.Equal([0, 3, 3, 4], positions.Offsets);
        Assert.Equal([2, 3, 4, 7], positions.Items);
        Assert.Equal([3, 4, 5, 8], positions.Next);
        Assert.Equal([2, 1, 0, 0], positions.Ages);
    }

    [Fact]
    public void An_epoch_has_each_history_of_two_items_once_in_batches_of_about_the_size_asked_for()
    {
        var histories = SequenceCase.Circle(500);
        var batches = JaggedPositions.Shuffle(histories, length: 10, positions: 100, new SeededRandom(1));
        Assert.Equal(Enumerable.Range(0, 500), batches.SelectMany(batch => batch).Order());
        Assert.All(batches.SkipLast(1), batch => Assert.InRange(JaggedPositions.WithNext(histories, batch, 10).Items.Length, 100, 109));
        Assert.Equal([0, 3, 4], JaggedPositions.Shuffle(Lists, 3, 100, new SeededRandom(1)).Single().Order());
    }
}
