using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>Reads what is said of a sender: all of it, for what is left out is as when nothing was ever said.</summary>
internal static class SenderRequest
{
    private const int MaxName = 64;
    private const int MaxWeight = 1000;
    private const int MaxLabelValue = 128;

    // The slowest that the limiter goes, and far above every carrier's fastest.
    private const double MinRate = 0.1;
    private const double MaxRate = 10_000;

    /// <summary>Reads it; null when something is wrong, and then the errors tell everything that is.</summary>
    public static RegisteredSender? Read(JsonElement body, Carrier carrier, ApiCall call, List<FieldError> errors)
    {
        if (JsonFields.Of(body, errors) is not { } fields) return null;

        var address = AddressReader.FromPath(call.Ids[1], carrier);
        if (address is null || !carrier.From.Contains(address.Type))
        {
            var kinds = string.Join(", ", carrier.From.Select(type => type.Word()));
            errors.Add(new("address", "invalid_address", $"{carrier.Name} sends from {kinds}."));
        }

        var sender = new RegisteredSender
        {
            Carrier = carrier.Id,
            Address = address ?? Address.Unknown,
            Tenant = TenantOf(fields, call),
            Account = AccountOf(fields),
            Channels = Channels(fields),
            Country = Country(fields),
            Pool = fields.Text("pool", max: MaxName),
            Weight = fields.Whole("weight", 0, MaxWeight),
            RatePerSecond = Rate(fields, carrier),
            State = fields.Word<SenderState>("state") ?? SenderState.Active,
            Processor = ProcessorOf(fields),
            Keywords = SenderKeywords.Read(fields, carrier, address?.Type),
            Labels = fields.Labels(minValue: 1, MaxLabelValue) ?? new Dictionary<string, string>(),
        };
        fields.RefuseOthers();
        return errors.Count == 0 ? sender : null;
    }

    private static string TenantOf(JsonFields fields, ApiCall call)
    {
        if (KeyRequest.TenantOf(fields, "tenant") is not { } tenant || tenant == call.Tenant) return call.Tenant;

        // Who looks after the installation gives senders out; everybody else has their own.
        if (call.Tenant != Defaults.Tenant) fields.Refuse("tenant", "not_yours", "It is your own.");
        return tenant;
    }

    private static string? ProcessorOf(JsonFields fields)
    {
        if (fields.Text("processor", max: MaxName) is not { } name) return null;
        if (ProcessorCatalogue.Find(name) is not null) return name;

        fields.Refuse("processor", "invalid_value", $"It is one of {string.Join(", ", ProcessorCatalogue.All.Select(p => p.Name))}.");
        return null;
    }

    private static string AccountOf(JsonFields fields)
    {
        if (fields.Text("account") is not null and not Defaults.Account)
            fields.Refuse("account", "invalid_value", $"It is {Defaults.Account}: a carrier has one account here.");
        return Defaults.Account;
    }

    private static SenderChannel[] Channels(JsonFields fields)
    {
        if (fields.Texts("channels", canBeEmpty: true) is not { } words) return [];

        foreach (var (index, _) in words.Index().Where(word => EnumWords.FromWord<SenderChannel>(word.Item) is null))
            fields.Refuse($"channels[{index}]", "invalid_value", $"It is one of {EnumList.Of<SenderChannel>()}.");
        return [.. words.Select(EnumWords.FromWord<SenderChannel>).OfType<SenderChannel>().Distinct().Order()];
    }

    private static string? Country(JsonFields fields)
    {
        if (fields.Text("country") is not { } country) return null;
        if (country.Length == 2 && country.All(char.IsAsciiLetterUpper)) return country;

        fields.Refuse("country", "invalid_value", "It is a country's two letters, such as US: ISO 3166-1.");
        return null;
    }

    private static double? Rate(JsonFields fields, Carrier carrier)
    {
        if (fields.Member("ratePerSecond") is null) return null;
        if (carrier.Limits.RateScope == RateScope.Account)
        {
            fields.Refuse("ratePerSecond", "not_here", $"{carrier.Name}'s rate is of the whole account.");
            return null;
        }

        return fields.Number("ratePerSecond", MinRate, MaxRate);
    }
}
