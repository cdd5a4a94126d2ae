namespace DotRec.Conformance.Tests;

[Trait(KernelLaws.TraitName, KernelLaws.TraitValue)]
public sealed class PackedLookupScoreLaws
{
    [Fact]
    public void Scores_and_positions_of_any_number_of_items_are_those_of_one_at_a_time()
    {
        for (var found = 0; found <= 150; found++)
        {
            PackedLookupScoreCase.Random(found).Check(Placement.CacheLine);
        }
    }
}
