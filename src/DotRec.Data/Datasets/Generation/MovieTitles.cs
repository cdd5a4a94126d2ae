using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>Invents titles in the way MovieLens writes them, "Silent Harbor, The (1994)", each only once. Some words tell the genre.</summary>
internal sealed class MovieTitles
{
    private static readonly string[] Adjectives =
    [
        "Silent", "Broken", "Golden", "Hidden", "Last", "Lonely", "Crimson", "Distant", "Endless", "Fallen", "Forgotten", "Gentle", "Hollow", "Burning",
        "Quiet", "Restless", "Second", "Secret", "Seventh", "Shattered", "Sleeping", "Stolen", "Stranger", "Sudden", "Sweet", "Tender", "Twisted", "Unlikely",
        "Velvet", "Wandering", "Wicked", "Winter", "Yellow", "Young", "Blue", "Bitter", "Careless", "Electric", "Final", "Foreign", "Frozen", "Glass",
    ];

    private static readonly string[] Nouns =
    [
        "Harbor", "Garden", "River", "Letter", "Summer", "Road", "House", "Window", "Bridge", "Promise", "Shadow", "Mirror", "Island", "Journey", "Stranger",
        "Daughter", "Brother", "Orchard", "Station", "Painter", "Season", "Tower", "Valley", "Whisper", "Echo", "Lantern", "Crossing", "Portrait", "Stories",
        "Morning", "Affair", "Confession", "Company", "Neighbor", "Voyage", "Hour", "Rain", "Hotel", "Carnival", "Inheritance",
    ];

    private static readonly string[] Places =
    [
        "Lisbon", "Montana", "Shanghai", "Brooklyn", "Havana", "Vienna", "Savannah", "Tangier", "Kyoto", "Marseille", "Dublin", "Cape May", "Buenos Aires",
        "Prague", "Memphis", "Trieste", "Nairobi", "Oslo", "Calcutta", "Santa Fe",
    ];

    private static readonly string[] Names =
    [
        "Alice", "Benny", "Clara", "Dominic", "Elena", "Felix", "Grace", "Harriet", "Isaac", "Josephine", "Leo", "Margaret", "Nora", "Oscar", "Pauline",
        "Quentin", "Ruby", "Samuel", "Theodore", "Violet", "Walter", "Yvonne",
    ];

    private static readonly Dictionary<string, string[]> GenreNouns = new(StringComparer.Ordinal)
    {
        ["Action"] = ["Impact", "Pursuit", "Strike", "Vengeance", "Overdrive"],
        ["Adventure"] = ["Expedition", "Treasure", "Horizon", "Quest", "Legend"],
        ["Animation"] = ["Dragon", "Fox", "Moonbeam", "Toymaker", "Sparrow"],
        ["Children's"] = ["Puppy", "Treehouse", "Wizard", "Balloon", "Pony"],
        ["Comedy"] = ["Wedding", "Roommates", "Mix-Up", "Bachelors", "Vacation"],
        ["Crime"] = ["Heist", "Gangster", "Alibi", "Verdict", "Informer"],
        ["Documentary"] = ["Diaries", "Century", "Voices", "Chronicle", "Archive"],
        ["Drama"] = ["Sorrow", "Mercy", "Homecoming", "Silence", "Tears"],
        ["Fantasy"] = ["Sorceress", "Kingdom", "Spell", "Unicorn", "Prophecy"],
        ["Film-Noir"] = ["Alley", "Fedora", "Midnight", "Double-Cross", "Blonde"],
        ["Horror"] = ["Crypt", "Nightmare", "Scream", "Cellar", "Bloodline"],
        ["Musical"] = ["Melody", "Broadway", "Serenade", "Rhythm", "Dancer"],
        ["Mystery"] = ["Clue", "Disappearance", "Cipher", "Witness", "Locked Room"],
        ["Romance"] = ["Kiss", "Valentine", "Heart", "Lovers", "Bouquet"],
        ["Sci-Fi"] = ["Galaxy", "Android", "Orbit", "Paradox", "Colony"],
        ["Thriller"] = ["Conspiracy", "Hostage", "Obsession", "Deadline", "Trap"],
        ["War"] = ["Battalion", "Trenches", "Armistice", "Regiment", "Front"],
        ["Western"] = ["Outlaw", "Sheriff", "Canyon", "Stagecoach", "Showdown"],
    };

    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);

    public string Invent(string genre, int year, SeededRandom random)
    {
        var noun = random.NextInt(5) < 3 ? Pick(GenreNouns[genre]) : Pick(Nouns);
        var title = random.NextInt(8) switch
        {
            0 => $"{noun} of {Pick(Places)}",
            1 => $"{Pick(Names)}'s {noun}",
            2 => $"{Pick(Names)} and the {Pick(Adjectives)} {noun}",
            3 => $"{noun} in {Pick(Places)}",
            4 or 5 => $"{Pick(Adjectives)} {noun}, The",
            _ => $"{Pick(Adjectives)} {noun}",
        };

        // A title that comes up again is a sequel, as in the cinema: what is invented never ends in a number, so no two titles are alike.
        var part = _used[title] = _used.GetValueOrDefault(title) + 1;
        return part == 1 ? $"{title} ({year})" : $"{title} {part} ({year})";

        string Pick(string[] words) => words[random.NextInt(words.Length)];
    }
}
