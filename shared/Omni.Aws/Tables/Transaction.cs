using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Omni.Aws;

/// <summary>Writes several items or none.</summary>
internal static class Transaction
{
    // Two at the same item at the same time: one of them is refused, and may come again at once.
    private const int MaxTries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Writes all of them, or none when the condition of the first does not hold.</summary>
    /// <returns>Whether they were written.</returns>
    /// <exception cref="TransactionCanceledException">For any other reason they were not.</exception>
    public static async Task<bool> TryAsync(
        IAmazonDynamoDB dynamo, TimeProvider clock, List<TransactWriteItem> items, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await dynamo.TransactWriteItemsAsync(
                    new TransactWriteItemsRequest { TransactItems = items }, cancellation).ConfigureAwait(false);
                return true;
            }
            catch (TransactionCanceledException refused) when (refused.CancellationReasons is [{ Code: "ConditionalCheckFailed" }, ..])
            {
                return false;
            }
            catch (TransactionCanceledException refused)
                when (tries < MaxTries && refused.CancellationReasons?.Any(reason => reason.Code == "TransactionConflict") == true)
            {
                await Task.Delay(Pause * (tries + Random.Shared.NextDouble()), clock, cancellation).ConfigureAwait(false);
            }
        }
    }
}
