namespace DotRec.Data;

/// <summary>A node of the schema: a column, or a group of them.</summary>
/// <param name="Name">Name below its group.</param>
/// <param name="Type">Type stored; of no meaning for a group.</param>
/// <param name="Length">Bytes of a value of fixed length.</param>
/// <param name="Repetition">0 required, 1 optional, 2 repeated.</param>
/// <param name="ChildCount">Nodes below it; 0 for a column.</param>
/// <param name="Meaning">What its values stand for.</param>
/// <param name="Scale">Decimals of a decimal number.</param>
/// <param name="UnitsPerSecond">Of times; 0 otherwise.</param>
internal sealed record ParquetSchemaElement(
    string Name, ParquetType Type, int Length, int Repetition, int ChildCount, ParquetMeaning Meaning, int Scale, long UnitsPerSecond)
{
    public const int Optional = 1;
    public const int Repeated = 2;

    public static ParquetSchemaElement Read(ref ThriftReader reader)
    {
        var element = new ParquetSchemaElement("", default, 0, 0, 0, ParquetMeaning.None, 0, 0);
        var (former, present) = (-1, (Meaning: ParquetMeaning.None, Units: 0L));
        var field = reader.Begin();
        while (reader.TryField(ref field))
        {
            switch (field)
            {
                case 1:
                    element = element with { Type = (ParquetType)reader.Int32() };
                    break;
                case 2:
                    element = element with { Length = reader.Int32() };
                    break;
                case 3:
                    element = element with { Repetition = reader.Int32() };
                    break;
                case 4:
                    element = element with { Name = reader.Text() };
                    break;
                case 5:
                    element = element with { ChildCount = reader.Int32() };
                    break;
                case 6:
                    former = reader.Int32();
                    break;
                case 7:
                    element = element with { Scale = reader.Int32() };
                    break;
                case 10:
                    present = ReadMeaning(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var (meaning, units) = present.Meaning != ParquetMeaning.None ? present : FormerMeaning(former);
        return element with { Meaning = meaning, UnitsPerSecond = units };
    }

    private static (ParquetMeaning Meaning, long Units) FormerMeaning(int converted) => converted switch
    {
        < 0 => (ParquetMeaning.None, 0),
        0 or 4 or 19 => (ParquetMeaning.Text, 0),
        1 or 2 => (ParquetMeaning.Map, 0),
        3 => (ParquetMeaning.List, 0),
        5 => (ParquetMeaning.Decimal, 0),
        6 => (ParquetMeaning.Date, 0),
        7 => (ParquetMeaning.Time, 1_000),
        8 => (ParquetMeaning.Time, 1_000_000),
        9 => (ParquetMeaning.Timestamp, 1_000),
        10 => (ParquetMeaning.Timestamp, 1_000_000),
        >= 11 and <= 14 => (ParquetMeaning.UnsignedInteger, 0),
        >= 15 and <= 18 => (ParquetMeaning.Integer, 0),
        _ => (ParquetMeaning.Other, 0),
    };

    // A union: a structure of one field, whose number tells the meaning.
    private static (ParquetMeaning Meaning, long Units) ReadMeaning(ref ThriftReader reader)
    {
        reader.RequireStructure();
        var meaning = (ParquetMeaning.None, 0L);
        var field = reader.Begin();
        while (reader.TryField(ref field))
        {
            reader.RequireStructure();
            switch (field)
            {
                case 7:
                    meaning = (ParquetMeaning.Time, ReadUnits(ref reader));
                    break;
                case 8:
                    meaning = (ParquetMeaning.Timestamp, ReadUnits(ref reader));
                    break;
                case 10:
                    meaning = (ReadIsSigned(ref reader) ? ParquetMeaning.Integer : ParquetMeaning.UnsignedInteger, 0);
                    break;
                default:
                    reader.Skip();
                    meaning = (field switch
                    {
                        1 or 4 or 12 => ParquetMeaning.Text,
                        2 => ParquetMeaning.Map,
                        3 => ParquetMeaning.List,
                        5 => ParquetMeaning.Decimal,
                        6 => ParquetMeaning.Date,
                        11 => ParquetMeaning.Null,
                        14 => ParquetMeaning.Uuid,
                        15 => ParquetMeaning.Float16,
                        _ => ParquetMeaning.Other,
                    }, 0);
                    break;
            }
        }

        return meaning;
    }

    private static long ReadUnits(ref ThriftReader reader)
    {
        var units = 0L;
        var field = reader.Begin();
        while (reader.TryField(ref field))
        {
            if (field == 2)
            {
                reader.RequireStructure();
                var unit = reader.Begin();
                while (reader.TryField(ref unit))
                {
                    units = unit switch { 1 => 1_000, 2 => 1_000_000, 3 => 1_000_000_000, _ => 0 };
                    reader.Skip();
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return units > 0 ? units : throw new InvalidDataException("a column of times has an unknown unit");
    }

    private static bool ReadIsSigned(ref ThriftReader reader)
    {
        var isSigned = true;
        var field = reader.Begin();
        while (reader.TryField(ref field))
        {
            if (field == 2)
            {
                isSigned = reader.Boolean();
            }
            else
            {
                reader.Skip();
            }
        }

        return isSigned;
    }
}
