/** The longest time that `setTimeout` waits, in milliseconds: 24 days. */
export const longestTimerMs = 2 ** 31 - 1
