using System.CommandLine;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>Our own addresses at carriers.</summary>
internal static class SenderCommands
{
    public static Command All()
    {
        OmniCommand command = new("senders", "Lists your addresses that are registered.", "omni senders --carrier twilio");
        var carrier = command.Option<string?>("--carrier", "Only this carrier's.", "id");
        var tenant = command.Option<string?>("--tenant", "Another tenant's.", "name");
        var limit = command.Limit();
        command.Add(Get());
        command.Add(Put());
        command.Add(Delete());
        return command.Does(async (run, cancellation) =>
        {
            var list = run.Omni.Senders.List(run.Get(carrier), run.Get(tenant), Run.PageSize(run.Get(limit)));
            run.Screen.Table(
                await Run.TakeAsync(list, run.Get(limit), cancellation),
                "There are none.",
                ("CARRIER", sender => sender.Carrier),
                ("ADDRESS", sender => sender.Address),
                ("TENANT", sender => sender.Tenant),
                ("STATE", sender => sender.State),
                ("RATE", sender => sender.RatePerSecond),
                ("CHANNELS", sender => sender.Channels));
            return ExitCode.Done;
        });
    }

    private static OmniCommand Get()
    {
        OmniCommand command = new("get", "Shows one of them.", "omni senders get twilio +12065550100");
        var (carrier, address) = NameOf(command);
        return command.Does(async (run, cancellation) =>
            Show(run, await run.Omni.Senders.GetAsync(run.Get(carrier), Address.Parse(run.Get(address)), cancellation)));
    }

    private static OmniCommand Put()
    {
        OmniCommand command = new(
            "put",
            "Registers one, or says anew all that is so of it: what is left out is as when nothing was ever said.",
            "omni senders put twilio +12065550100 --rate 10 --channels sms,mms");
        var (carrier, address) = NameOf(command);
        var tenant = command.Option<string?>("--tenant", "Whose it is (yours).", "name");
        var rate = command.Option<double?>("--rate", "Messages (SMS: segments) a second (the carrier's).", "number");
        var state = command.Option("--state", "Whether its messages leave.", SenderState.Active, SenderState.Paused);
        var channels = command.Option<string?>("--channels", "What it carries, with commas between them.", "sms,mms,whatsapp,chat");
        var country = command.Option<string?>("--country", "Its country's two letters.", "code");
        var pool = command.Option<string?>("--pool", "The pool that it is in: routes choose between its senders.", "name");
        var weight = command.Option<int?>("--weight", "Its share of the pool, against the others' (1).", "number");
        var labels = command.Pairs("--meta", "Your own words about it.");
        return command.Does(async (run, cancellation) => Show(run, await run.Omni.Senders.PutAsync(
            run.Get(carrier),
            Address.Parse(run.Get(address)),
            new()
            {
                Tenant = run.Get(tenant),
                RatePerSecond = run.Get(rate),
                State = run.Get(state),
                Channels = Parsing.Words(run.Get(channels)),
                Country = run.Get(country),
                Pool = run.Get(pool),
                Weight = run.Get(weight),
                Labels = Parsing.Map(run.Get(labels)),
            },
            cancellation)));
    }

    private static OmniCommand Delete()
    {
        OmniCommand command = new("delete", "Ends its registration.", "omni senders delete twilio +12065550100");
        var (carrier, address) = NameOf(command);
        return command.Does(async (run, cancellation) =>
        {
            await run.Omni.Senders.DeleteAsync(run.Get(carrier), Address.Parse(run.Get(address)), cancellation);
            return ExitCode.Done;
        });
    }

    private static (Argument<string> Carrier, Argument<string> Address) NameOf(OmniCommand command) =>
        (command.Argument<string>("carrier", "The carrier."), command.Argument<string>("address", "The address, or type:value."));

    private static int Show(Run run, RegisteredSender sender)
    {
        run.Screen.Show(sender, () => run.Screen.Fields(
            ("carrier", sender.Carrier),
            ("address", sender.Address),
            ("tenant", sender.Tenant),
            ("state", sender.State),
            ("rate", sender.RatePerSecond),
            ("channels", sender.Channels.Count == 0 ? null : sender.Channels),
            ("country", sender.Country),
            ("pool", sender.Pool),
            ("weight", sender.Weight)));
        return ExitCode.Done;
    }
}
