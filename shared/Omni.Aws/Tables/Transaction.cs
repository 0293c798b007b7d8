using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Omni.Aws;

/// <summary>Writes several items or none.</summary>
internal static class Transaction
{
    // Two at the same item at the same time: one of them is refused, and may come again at once.
    internal const int MaxTries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for other writes of an item to be over.</summary>
    /// <param name="tries">How often they were in the way.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellation">Stops the wait.</param>
    public static Task PauseAsync(int tries, TimeProvider clock, CancellationToken cancellation) =>
        Task.Delay(Pause * (tries + Random.Shared.NextDouble()), clock, cancellation);

    /// <summary>Writes all of them, or none when the condition of one of the first does not hold.</summary>
    /// <param name="dynamo">The client.</param>
    /// <param name="clock">The time.</param>
    /// <param name="items">The items.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <param name="decisive">How many of the first items have conditions that may not hold.</param>
    /// <returns>Whether they were written.</returns>
    /// <exception cref="TransactionCanceledException">For any other reason they were not.</exception>
    public static async Task<bool> TryAsync(
        IAmazonDynamoDB dynamo, TimeProvider clock, List<TransactWriteItem> items, CancellationToken cancellation, int decisive = 1)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await dynamo.TransactWriteItemsAsync(
                    new TransactWriteItemsRequest { TransactItems = items }, cancellation).ConfigureAwait(false);
                return true;
            }
            catch (TransactionCanceledException refused) 
                when (refused.CancellationReasons?.Take(decisive).Any(reason => reason.Code == "ConditionalCheckFailed") == true)
            {
                return false;
            }
            catch (TransactionCanceledException refused)
                when (tries < MaxTries && refused.CancellationReasons?.Any(reason => reason.Code == "TransactionConflict") == true)
            {
                await PauseAsync(tries, clock, cancellation).ConfigureAwait(false);
            }
        }
    }
}
