using Omni.Aws;
using Omni.Conversations;

namespace Omni.Concierge;

/// <summary>Gives the concierge its turns.</summary>
/// <param name="settings">Its settings.</param>
public sealed class Function(Settings settings) : ProcessorFunction("Omni.Concierge", settings, new Concierge(ConciergeTexts.Load()));
