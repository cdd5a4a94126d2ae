using System.Globalization;
using System.Linq.Expressions;

namespace DotRec.Data;

/// <summary>How a .NET value becomes a column value.</summary>
internal static class RecordValue
{
    /// <summary>An expression of type string, long or float for the value; null when its type fits no column.</summary>
    public static Expression? Convert(Expression value) => Type.GetTypeCode(value.Type) switch
    {
        _ when value.Type.IsEnum => Expression.Call(value, nameof(ToString), Type.EmptyTypes),
        TypeCode.String => value,
        TypeCode.Int64 => value,
        TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 => Expression.Convert(value, typeof(long)),
        TypeCode.Single => value,
        TypeCode.Double or TypeCode.Decimal => Expression.Convert(value, typeof(float)),
        TypeCode.Boolean => Expression.Condition(value, Expression.Constant(1L), Expression.Constant(0L)),
        TypeCode.DateTime => Call<DateTime, long>(value, UnixSeconds),
        _ when value.Type == typeof(DateTimeOffset) => Expression.Call(value, nameof(DateTimeOffset.ToUnixTimeSeconds), Type.EmptyTypes),
        _ when value.Type == typeof(Guid) => Call<Guid, string>(value, id => id.ToString("D", CultureInfo.InvariantCulture)),
        _ => null,
    };

    /// <summary>Seconds since 1970; a time of unspecified kind counts as UTC.</summary>
    public static long UnixSeconds(DateTime time) =>
        new DateTimeOffset(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc)).ToUnixTimeSeconds();

    private static InvocationExpression Call<TFrom, TTo>(Expression value, Func<TFrom, TTo> convert) => Expression.Invoke(Expression.Constant(convert), value);
}
