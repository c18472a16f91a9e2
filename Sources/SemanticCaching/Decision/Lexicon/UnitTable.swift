/// A unit of measure and its factor to the base unit of its dimension.
struct UnitDefinition: Sendable {
    /// Units of one dimension are converted into each other.
    let dimension: Dimension
    /// How many base units one of it is.
    let factor: ExactDecimal
    /// Its spellings; one behind `~` counts directly after a number only.
    let names: String

    init(_ dimension: Dimension, _ mantissa: Int64, _ exponent: Int = 0, _ names: String) {
        self.dimension = dimension
        factor = ExactDecimal(mantissa: mantissa, exponent: exponent)
        self.names = names
    }
}

extension UnitDefinition {
    /// Every unit that the guards convert.
    ///
    /// Months and years are not days, and no currency is another.
    static let all: [UnitDefinition] = [
        .init(.length, 1, -3, "millimeter|millimetre|mm|毫米"),
        .init(.length, 1, -2, "centimeter|centimetre|cm|厘米|公分"),
        .init(.length, 1, 0, "meter|metre|~m|米|公尺"),
        .init(.length, 1, 3, "kilometer|kilometre|km|kms|公里|千米"),
        .init(.length, 254, -4, "inch|inches|~in|英寸"),
        .init(.length, 3048, -4, "foot|feet|~ft|英尺"),
        .init(.length, 9144, -4, "yard|~yd"),
        .init(.length, 1_609_344, -3, "mile|~mi|英里"),
        .init(.length, 1852, 0, "nautical mile|nmi|海里"),
        .init(.mass, 1, -6, "microgram|mcg|微克"),
        .init(.mass, 1, -3, "milligram|mg|毫克"),
        .init(.mass, 1, 0, "gram|gramme|~g|克"),
        .init(.mass, 1, 3, "kilogram|kilo|kg|kgs|千克|公斤"),
        .init(.mass, 500, 0, "斤"),
        .init(.mass, 1, 6, "tonne|metric ton|~t|吨"),
        .init(.mass, 28_349_523_125, -9, "ounce|oz|盎司"),
        .init(.mass, 45_359_237, -5, "pound|lb|lbs|磅"),
        .init(.volume, 1, -3, "milliliter|millilitre|ml|毫升"),
        .init(.volume, 1, 0, "liter|litre|~l|升"),
        .init(.volume, 3_785_411_784, -9, "gallon|~gal|加仑"),
        .init(.volume, 473_176_473, -9, "pint|~pt"),
        .init(.volume, 946_352_946, -9, "quart|~qt"),
        .init(.cooking, 48, 0, "~cup|~cups"),
        .init(.cooking, 3, 0, "tablespoon|tbsp|汤匙"),
        .init(.cooking, 1, 0, "teaspoon|tsp|茶匙"),
        .init(.area, 1, 4, "hectare|公顷"),
        .init(.area, 40_468_564_224, -7, "acre|英亩"),
        .init(.area, 1, 0, "square meter|square metre|sqm|平方米|平米"),
        .init(.area, 9_290_304, -8, "square foot|square feet|sqft"),
        .init(.celsius, 1, 0, "celsius|centigrade|°c|摄氏度"),
        .init(.fahrenheit, 1, 0, "fahrenheit|°f|华氏度"),
        .init(.kelvin, 1, 0, "kelvin"),
        .init(.degree, 1, 0, "degree|°|度"),
        .init(.data, 1, 3, "kilobyte|kb"),
        .init(.data, 1, 6, "megabyte|mb|兆"),
        .init(.data, 1, 9, "gigabyte|gb|~gig|~gigs"),
        .init(.data, 1, 12, "terabyte|tb"),
        .init(.time, 1, -3, "millisecond|~ms|毫秒"),
        .init(.time, 1, 0, "~second|~seconds|~sec|~secs|~s|秒|秒钟"),
        .init(.time, 60, 0, "minute|min|mins|分钟"),
        .init(.time, 3600, 0, "hour|hr|hrs|~h|小时|个小时|钟头"),
        .init(.time, 86400, 0, "day|天|~日"),
        .init(.time, 604_800, 0, "week|wk|wks|周|星期|个星期|礼拜"),
        .init(.time, 1_209_600, 0, "fortnight"),
        .init(.calendar, 1, 0, "month|~mo|个月|月"),
        .init(.calendar, 3, 0, "quarter|季度"),
        .init(.calendar, 12, 0, "year|yr|yrs|年"),
        .init(.calendar, 120, 0, "decade"),
        .init(.calendar, 1200, 0, "century|centuries|世纪"),
        .init(.percent, 1, 0, "percent|per cent|%|pct|百分之"),
        .init(.power, 1, 0, "watt|~w|瓦"),
        .init(.power, 1, 3, "kilowatt|kw|千瓦"),
        .init(.speed, 1, 0, "mph|miles per hour"),
        .init(.speed, 621_371, -6, "kph|kmh|km/h|kilometers per hour|公里每小时"),
        .init(.times, 1, 0, "~times|~x|次|倍"),
        .init(.dollar, 1, 0, "dollar|usd|$|us dollar|buck|美元|美金"),
        .init(.dollar, 1, -2, "~cent|~cents"),
        .init(.euro, 1, 0, "euro|eur|€|欧元"),
        .init(.yen, 1, 0, "yen|jpy|日元|円"),
        .init(.sterling, 1, 0, "gbp|£|sterling|quid|pound sterling|british pound|英镑"),
        .init(.yuan, 1, 0, "yuan|rmb|cny|¥|元|块|块钱|人民币|元钱"),
        .init(.rupee, 1, 0, "rupee|inr|₹|卢比"),
        .init(.franc, 1, 0, "franc|chf|法郎"),
        .init(.won, 1, 0, "krw|₩|韩元"),
        .init(.ruble, 1, 0, "ruble|rouble|rub|₽|卢布"),
        .init(.australianDollar, 1, 0, "aud|australian dollar|澳元"),
        .init(.canadianDollar, 1, 0, "cad|canadian dollar|加元"),
        .init(.hongKongDollar, 1, 0, "hkd|hong kong dollar|港币|港元"),
        .init(.bitcoin, 1, 0, "bitcoin|btc|比特币"),
        .init(.ether, 1, 0, "ethereum|~eth|ether|以太坊"),
    ]
}

/// What a number measures.
enum Dimension: UInt8, Sendable {
    case none
    case ordinal
    case clock
    /// A time of day of which nobody said whether before or after noon.
    case halfDayClock
    case date
    case length
    case mass
    case volume
    case cooking
    case area
    case celsius
    case fahrenheit
    case kelvin
    case degree
    case data
    case time
    case calendar
    case percent
    case power
    case speed
    case times
    case dollar
    case euro
    case yen
    case sterling
    case yuan
    case rupee
    case franc
    case won
    case ruble
    case australianDollar
    case canadianDollar
    case hongKongDollar
    case bitcoin
    case ether

    /// Whether it is money.
    var isCurrency: Bool { rawValue >= Dimension.dollar.rawValue }

    /// The guard that compares it.
    var guardKind: GuardSet {
        switch self {
        case .none, .ordinal, .times, .percent: .numbers
        case .clock, .halfDayClock: .times
        case .date: .dates
        default: isCurrency ? .money : .units
        }
    }
}
